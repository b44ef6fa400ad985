package site

import (
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// address is where a request comes from: the other end of the connection or,
// when that is a trusted proxy, the right-most address of X-Forwarded-For that
// is none. What stands left of it anybody could have written.
func (s *Site) address(c *fiber.Ctx) netip.Addr {
	from := neighbour(c)
	if !s.trusts(from) {
		return from
	}
	hops := forwardedFor(c)
	for _, hop := range slices.Backward(hops) {
		a, err := parseHop(hop)
		if err != nil { // whoever wrote this is not to be believed
			return from
		}
		if from = a; !s.trusts(a) {
			return a
		}
	}
	return from
}

// neighbour is the other end of the connection.
func neighbour(c *fiber.Ctx) netip.Addr {
	tcp, ok := c.Context().RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap()
}

// forwardedFor are the addresses of X-Forwarded-For, those of the last proxy last.
func forwardedFor(c *fiber.Ctx) []string {
	var hops []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	return hops
}

// parseHop reads an address as proxies write it: also with a port, or in brackets.
func parseHop(s string) (netip.Addr, error) {
	s = strings.TrimSpace(s)
	if p, err := netip.ParseAddrPort(s); err == nil {
		return p.Addr().Unmap(), nil
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	return a.Unmap(), err
}

// trusts reports whether a is one of the TrustedProxies.
func (s *Site) trusts(a netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// proxyNets reads addresses and networks; what is neither is left out: whoever
// sets them checks them.
func proxyNets(all []string) []netip.Prefix {
	var nets []netip.Prefix
	for _, s := range all {
		if p, err := netip.ParsePrefix(s); err == nil {
			nets = append(nets, p.Masked())
		} else if a, err := netip.ParseAddr(s); err == nil {
			a = a.Unmap()
			nets = append(nets, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return nets
}
