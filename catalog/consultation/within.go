package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// Within returns the provision at an address of a version and all that stands in
// it, in the order of the text, or ErrNotFound.
func (c *Consultation) Within(ctx context.Context, version, address string) ([]lawtext.Provision, error) {
	const in, after = "__", "_`" // addresses of what stands in it are between these
	rows, err := c.store.Rows(ctx, "select "+provisionColumns+" from provisions where version = ?1 and (address = ?2 or address > ?3 and address < ?4) order by position",
		version, address, address+in, address+after)
	all, err := catalog.Collect(rows, err, scanProvision)
	if err == nil && len(all) == 0 {
		return nil, catalog.NotFound("provision", address)
	}
	return all, catalog.Wrap("provisions", err)
}
