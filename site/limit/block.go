package limit

import "net/netip"

// subnet is how much of an IPv6 address stands for one customer of a network.
const subnet = 64

// Block is the key of an address: an IPv4 address itself, of an IPv6 address its
// /64, within which one machine can take any address it likes.
func Block(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if !a.Is6() {
		return a.String()
	}
	p, err := a.Prefix(subnet)
	if err != nil {
		return a.String()
	}
	return p.String()
}
