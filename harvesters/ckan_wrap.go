package harvesters

import (
	"maps"
	"slices"
	"strings"
)

// unwrap returns the package in a record of another form: the document of a
// search index that holds it as a text, or the aspects of Magda.
func unwrap(o object) object {
	if s, ok := o["validated_data_dict"].(string); ok {
		if inner := asObject(jsonInText(s)); inner != nil {
			return solrPackage(o, inner)
		}
	}
	if s, ok := o["data_dict"].(string); ok {
		if inner := asObject(jsonInText(s)); inner != nil {
			return solrPackage(o, inner)
		}
	}
	if aspects := asObject(o["aspects"]); aspects != nil {
		return magdaPackage(o, aspects)
	}
	return o
}

// solrPackage fills in what the text of a document lacks from its fields.
func solrPackage(doc, inner object) object {
	for _, k := range []string{"id", "name", "title", "notes", "metadata_modified", "metadata_created"} {
		if inner.first(k) == nil && doc[k] != nil {
			inner[k] = doc[k]
		}
	}
	for k, v := range doc {
		if key, ok := strings.CutPrefix(k, "extras_"); ok && inner.first(key) == nil {
			inner[key] = v
		}
	}
	return inner
}

// magdaPackage is the package that a record of Magda was made of, or what its
// aspects say of it.
func magdaPackage(o, aspects object) object {
	if source := asObject(aspects["ckan-dataset"]); source != nil && source["id"] != nil {
		return source
	}
	texts := asObject(aspects["dcat-dataset-strings"])
	p := object{
		"id": o["id"], "name": o["id"], "title": texts.first("title"), "notes": texts["description"], "url": texts["landingPage"],
		"tags": texts["keywords"], "theme": texts["themes"], "modified": texts["modified"], "issued": texts["issued"],
		"spatial": texts["spatial"], "temporal": texts["temporal"], "frequency": texts["accrualPeriodicity"],
		"maintainer": texts["contactPoint"], "language": texts["languages"], "publisher_name": texts["publisher"],
		"license": texts["defaultLicense"],
	}
	if p["title"] == nil {
		p["title"] = o["name"]
	}
	var resources []any
	for _, v := range asList(asObject(aspects["dataset-distributions"])["distributions"]) {
		d := asObject(v)
		s := asObject(asObject(d["aspects"])["dcat-distribution-strings"])
		if s == nil {
			continue
		}
		resources = append(resources, map[string]any{
			"id": d["id"], "name": s.first("title"), "description": s["description"], "format": s["format"], "mimetype": s["mediaType"],
			"url": s.first("downloadURL", "accessURL"), "license": s["license"], "size": s["byteSize"], "modified": s["modified"],
		})
	}
	p["resources"] = resources
	return p
}

func keysOf(o object) []string { return slices.Sorted(maps.Keys(o)) }
