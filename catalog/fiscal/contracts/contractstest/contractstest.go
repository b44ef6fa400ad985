// Package contractstest makes releases for tests.
package contractstest

import (
	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

// Put takes the release that the JSON of OCDS describes into a source, and
// returns the ocid of its process.
func Put(tx *catalog.Tx, src *catalog.Source, raw string) (ocid string, err error) {
	body, err := ocds.Decode([]byte(raw))
	if err != nil {
		return "", err
	}
	r, _, err := ocds.Read(body)
	if err != nil {
		return "", err
	}
	v, err := contracts.NewRelease(&r)
	if err != nil {
		return "", err
	}
	_, err = tx.PutRecord(src, &catalog.Record{Noun: v.Noun(), Identifier: r.OCID + " " + r.ID, Raw: []byte(raw), Value: v})
	return r.OCID, err
}
