package harvesters

import (
	"fmt"
	"net/netip"
	"syscall"
)

type dialControl = func(network, address string, conn syscall.RawConn) error

// A privateError says that a name leads to an address that is not asked.
type privateError struct{ addr netip.Addr }

func (e *privateError) Error() string { return fmt.Sprintf("%s is a private address", e.addr) }

// refusePrivate is called with the address that is really dialled, after names
// and odd spellings of numbers are resolved.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	if !publicAddr(ap.Addr()) {
		return &privateError{ap.Addr()}
	}
	return nil
}

// refuseLinkLocal is for sources that may be in private networks. Link-local
// addresses stay closed to them too: at these, machines in a cloud are told
// their own passwords.
func refuseLinkLocal(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	if a := ap.Addr().Unmap(); a.IsLinkLocalUnicast() || a.WithZone("") == cloudAddr {
		return say("fetch.machine", a).fetchError("")
	}
	return nil
}

// cloudAddr is where machines in one cloud are told theirs over IPv6.
var cloudAddr = netip.MustParseAddr("fd00:ec2::254")

// notPublic are the networks of IANA's special-purpose registries (RFC 6890 and
// its updates) that no public server stands in, and those through which IPv4
// addresses are reached as IPv6 ones.
var notPublic = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/96", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	"5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, s := range list {
		all[i] = netip.MustParsePrefix(s)
	}
	return all
}

// publicAddr reports whether an address is one of the public internet.
func publicAddr(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
