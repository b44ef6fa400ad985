package site

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// put publishes a file as a dataset of its own and returns its address and
// that of its resource.
func (p *portal) put(name, text string) (path, resource string) {
	p.t.Helper()
	digest, size, err := p.Files.Put(p.t.Context(), strings.NewReader(text), 0)
	must(p.t, err)
	im, err := datasets.Import(p.t.Context(), p.Files, digest, name, datasets.ImportOptions{})
	must(p.t, err)
	if im.Fault != "" {
		p.t.Fatal(im.Fault)
	}
	d := &catalog.Dataset{Title: catalog.Text{"en": "Places of " + name}, Licence: "cc-by-4.0"}
	r := &catalog.Resource{Name: name, Format: "CSV", Fetch: catalog.FetchDone}
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		agency := &catalog.Agency{Title: catalog.Text{"en": "Office of " + name}}
		if err := tx.PutAgency(agency); err != nil {
			return err
		}
		d.Agency = agency.ID
		if err := tx.PutDataset(d); err != nil {
			return err
		}
		r.Dataset = d.ID
		if err := tx.PutResource(r, 0); err != nil {
			return err
		}
		return tx.PutImported(r, 0, catalog.File{Digest: digest, Name: name, Size: size}, im)
	}))
	return datasetPath(d.Slug), r.ID
}

// mapJSON is a map as the API answers it.
func (p *portal) mapJSON(path, query string) (m mapShape, places []map[string]any) {
	p.t.Helper()
	resp, body := p.get(apiPrefix + path + "/map?" + query)
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s answers %d: %s", path, resp.StatusCode, body)
	}
	must(p.t, json.Unmarshal([]byte(body), &m))
	must(p.t, json.Unmarshal(m.Results, &places))
	return m, places
}

const spendingPlaces = `Province,Year,Amount,Rate
تهران,1400,100,10
استان تهران,1401,50,30
Fars,1400,30,5
فارس,1401,,
Atlantis,1401,7,1
,1401,9,1
Isfahan,1401,30,2
Gilan,1401,-5,2
`

func TestAMapOfProvincesIsTheQuerysResult(t *testing.T) {
	p := newPortal(t, false)
	path, _ := p.put("spending.csv", spendingPlaces)
	m, places := p.mapJSON(path, "")
	got := fmt.Sprintf("%s %s %s %v %d %v", m.Place, m.Measure, m.Agg, m.Unmatched, len(m.Missing), places)
	want := "Province Amount sum [Atlantis] 27 [map[Amount__sum:150 place:Tehran] map[Amount__sum:30 place:Isfahan] map[Amount__sum:30 place:Fars] map[Amount__sum:-5 place:Gilan]]"
	if got != want {
		t.Errorf("the map is %s, want %s", got, want)
	}
	if len(m.Notes) == 0 || !strings.Contains(strings.Join(m.Notes, " "), "1 row has no value in Province") {
		t.Errorf("notes %q", m.Notes)
	}
	// The mean of two spellings of one province is that of all their rows.
	_, places = p.mapJSON(path, "measure=Rate&agg=avg")
	if fmt.Sprintf("%v %v", places[0]["place"], places[0]["Rate__avg"]) != "Tehran 20" {
		t.Errorf("means %v", places)
	}
	_, places = p.mapJSON(path, "measure=&Year=1401")
	if fmt.Sprint(places) != "[map[count:1 place:Gilan] map[count:1 place:Tehran] map[count:1 place:Isfahan] map[count:1 place:Fars]]" {
		t.Errorf("counts %v", places)
	}
}

func TestThePageOfAMap(t *testing.T) {
	p := newPortal(t, false)
	path, resource := p.put("spending.csv", spendingPlaces)
	for _, lang := range catalog.Languages {
		checkPage(t, p, lang, path+"/map", true)
		page := p.page("/" + lang + path + "/map")
		if n := strings.Count(page, `class="map-tile map-r`); n != 31 {
			t.Errorf("%s: %d tiles", lang, n)
		}
		for _, want := range []string{`Province__in=`, "Atlantis", `<bdi class="map-value">`, `href="/datasets/`, `aria-labelledby="chart-title"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s has no %s", lang, want)
			}
		}
	}
	// A tile leads to the rows behind its figure.
	page := p.page("/en" + path + "/map?Year=1401")
	at := strings.Index(page, "Province__in=")
	if at < 0 {
		at = strings.Index(page, "Province=")
	}
	from := strings.LastIndex(page[:at], `href="`) + len(`href="`)
	link := strings.ReplaceAll(page[from:from+strings.IndexByte(page[from:], '"')], "&amp;", "&")
	if !strings.Contains(link, "Year=1401") || !strings.Contains(p.page(link), "<tbody><tr>") {
		t.Errorf("a tile leads to %s", link)
	}
	for _, ext := range []string{"svg", "csv"} {
		resp, body := p.get("/datasets/" + strings.TrimPrefix(path, "/datasets/") + "/resources/" + resource + "/map." + ext + "?lang=en")
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d: %s", ext, resp.StatusCode, body)
		}
		if ext == "csv" && !strings.Contains(body, "place,sum of Amount\r\nTehran,150\r\n") {
			t.Errorf("CSV %q", body)
		}
		if ext == "svg" {
			checkDocument(t, body, "by province", "Office of spending.csv", "Licence")
		}
	}
	resp, body := p.get("/embed" + path + "/map?lang=fa")
	if resp.StatusCode != http.StatusOK || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors *") || !strings.Contains(body, "map-tile") {
		t.Errorf("the frame answers %d with %q", resp.StatusCode, resp.Header.Get("Content-Security-Policy"))
	}
}

// checkDocument checks that an SVG is well formed and says what it must.
func checkDocument(t *testing.T, body string, words ...string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range words {
		if !strings.Contains(body, want) {
			t.Errorf("the file does not say %q", want)
		}
	}
}

func TestMapsOfPointsAndAreas(t *testing.T) {
	p := newPortal(t, false)
	points, _ := p.put("stations.csv", "name,latitude,longitude,height\nA,35.7,51.4,1200\nB,32.6,51.7,1570\nC,,,5\n")
	m, places := p.mapJSON(points, "")
	if m.Place != "_points" || len(places) != 2 || fmt.Sprint(places[0]) != "map[height:1570 latitude:32.6 longitude:51.7 place:B]" {
		t.Errorf("points %v %v", m.Place, places)
	}
	if !strings.Contains(strings.Join(m.Notes, " "), "1 row has no position") {
		t.Errorf("notes %q", m.Notes)
	}
	page := p.page("/en" + points + "/map")
	if strings.Count(page, "<circle") < 2 || strings.Index(page, "B: 1,570") > strings.Index(page, "A: 1,200") {
		t.Error("the dots are not there, or the small ones are behind")
	}
	checkPage(t, p, "fa", points+"/map", true)
	areas, _ := p.put("areas.geojson", `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"name":"one","people":5},"geometry":{"type":"Polygon","coordinates":[[[50,30],[52,30],[52,32],[50,32],[50,30]]]}},
{"type":"Feature","properties":{"name":"two","people":null},"geometry":{"type":"Polygon","coordinates":[[[52,30],[54,30],[54,32],[52,32],[52,30]]]}},
{"type":"Feature","properties":{"name":"three","people":9},"geometry":null}]}`)
	m, places = p.mapJSON(areas, "")
	if m.Place != "_shapes" || len(places) != 2 {
		t.Errorf("areas %v %v", m.Place, places)
	}
	page = p.page("/en" + areas + "/map")
	if !strings.Contains(page, `class="map-area map-0"`) || !strings.Contains(page, `class="map-area map-none"`) || !strings.Contains(page, "one: 5") {
		t.Error("the areas are not drawn")
	}
	checkPage(t, p, "fa", areas+"/map", true)
	if page := p.page("/en" + areas + "/map?name=two"); strings.Count(page, `class="map-area`) != 1 {
		t.Error("a filter leaves other areas")
	}
}

func TestATableWithoutPlacesHasNoMap(t *testing.T) {
	p := newPortal(t, false)
	path, _ := p.put("plain.csv", "kind,n\nx,1\ny,2\nz,3\n")
	if strings.Contains(p.page("/en"+path+"/table"), `/map"`) {
		t.Error("there is a tab of a map")
	}
	if !strings.Contains(p.page("/en"+path+"/map"), "no places that could be put on a map") {
		t.Error("the page does not say why there is no map")
	}
	resp, _ := p.get(apiPrefix + path + "/map")
	if resp.StatusCode != http.StatusUnprocessableEntity && resp.StatusCode != http.StatusBadRequest {
		t.Errorf("the API answers %d", resp.StatusCode)
	}
}

func TestWhatAMapIsAskedFor(t *testing.T) {
	p := newPortal(t, false)
	path, _ := p.put("spending.csv", spendingPlaces)
	for query, want := range map[string]string{
		"place=Year": "Year holds no places", "place=nothing": "nothing holds no places", "measure=Province": "text cannot be drawn",
		"measure=nothing": "no column nothing", "measure=Amount&agg=median": "no figure median", "Amount__gt=x": "x",
	} {
		resp, body := p.get("/en"+path+"/map?"+query, "Accept", "text/html")
		if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, want) || !strings.Contains(body, "<select") {
			t.Errorf("%s answers %d without %q", query, resp.StatusCode, want)
		}
	}
	if page := p.page("/en" + path + "/map?Province=" + url.QueryEscape("nowhere")); !strings.Contains(page, "No row matches") {
		t.Error("a map of nothing does not say so")
	}
}

func TestAMapIsAPictureInBothLanguages(t *testing.T) {
	p := newPortal(t, false)
	path, id := p.put("spending.csv", spendingPlaces)
	sizes := map[string]image.Rectangle{}
	for _, lang := range []string{"fa", "en"} {
		resp, body := p.get(path + "/resources/" + id + "/map.png?lang=" + lang)
		img, err := png.Decode(strings.NewReader(body))
		if err != nil || resp.Header.Get("Content-Type") != "image/png" {
			t.Fatalf("%s: %v: %d %s", lang, err, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
		sizes[lang] = img.Bounds()
		if _, page := p.get("/" + lang + path + "/map"); !strings.Contains(page, "map.png?") {
			t.Errorf("%s: the page has no link to the picture", lang)
		}
	}
	if sizes["fa"].Dx() != 1440 || sizes["fa"] != sizes["en"] {
		t.Errorf("the pictures are %v", sizes)
	}
	if resp, body := p.get(path + "/resources/" + id + "/map.png?lang=en&place=Amount"); resp.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a map that cannot be drawn answers %d: %.200s", resp.StatusCode, body)
	}
}
