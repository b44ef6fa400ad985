package catalog

import (
	"context"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/goccy/go-json"
)

// Schemas returns the schemas of the current tables of the given datasets, by
// the id of the resource.
func (s *Store) Schemas(ctx context.Context, ids []string) (map[string]datasets.Schema, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, wrap("schemas", err)
	}
	all := map[string]datasets.Schema{}
	rows, err := s.query(ctx, `select r.id, e.columns from json_each(?) i join resources r on r.dataset = i.value
		join editions e on e.resource = r.id and e.digest = r.edition where r.`+visible+" and e.has_table", string(list))
	_, err = collect(rows, err, func(row scanner) (id string, err error) {
		var schema datasets.Schema
		err = row.Scan(&id, asJSON(&schema))
		all[id] = schema
		return id, err
	})
	return all, wrap("schemas", err)
}
