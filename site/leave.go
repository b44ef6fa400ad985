package site

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"
)

// leaveTick is how often it is looked whether who waits for an export is there.
const leaveTick = 200 * time.Millisecond

// errLeft is why the context of staying ends when nobody waits any more.
var errLeft = errors.New("who asked has closed the connection")

// statusLeft is what an answer to nobody is logged as.
const statusLeft = 499

// staying is a context that ends, because of errLeft, when the one who asks
// closes the connection before there is an answer: the server itself looks only
// when it sends one. stop must be called.
func staying(c *fiber.Ctx) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(c.UserContext())
	stop = func() { cancel(nil) }
	conn := c.Context().Conn()
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = wrapped.NetConn()
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return ctx, stop
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return ctx, stop
	}
	go func() {
		tick := time.NewTicker(leaveTick)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if hasLeft(raw) {
				cancel(errLeft)
				return
			}
		}
	}()
	return ctx, stop
}
