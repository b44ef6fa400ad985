package samples

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// CKAN serves the demo's CKAN portal: the actions package_search,
// package_show and organization_list under /api/3/action/, and the files.
// Addresses in its answers name the host that was asked.
func CKAN() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/3/action/package_search", packageSearch)
	mux.HandleFunc("GET /api/3/action/package_show", packageShow)
	mux.HandleFunc("GET /api/3/action/organization_list", organizationList)
	mux.HandleFunc("GET /files/{name}", serveFiles(inCKAN))
	return mux
}

type (
	ckanReply struct {
		Help    string     `json:"help"`
		Success bool       `json:"success"`
		Result  any        `json:"result,omitempty"`
		Error   *ckanError `json:"error,omitempty"`
	}
	ckanError struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	ckanPage struct {
		Count   int           `json:"count"`
		Sort    string        `json:"sort"`
		Facets  struct{}      `json:"facets"`
		Results []ckanPackage `json:"results"`
	}
	ckanPackage struct {
		ID              string           `json:"id"`
		Name            string           `json:"name"`
		Type            string           `json:"type"`
		State           string           `json:"state"`
		Private         bool             `json:"private"`
		Title           string           `json:"title"`
		TitleTranslated words            `json:"title_translated"`
		URL             string           `json:"url"`
		Notes           string           `json:"notes"`
		NotesTranslated words            `json:"notes_translated"`
		LicenceID       string           `json:"license_id"`
		LicenceTitle    string           `json:"license_title"`
		LicenceURL      string           `json:"license_url,omitempty"`
		Created         string           `json:"metadata_created"`
		Modified        string           `json:"metadata_modified"`
		Organization    ckanOrganization `json:"organization"`
		OwnerOrg        string           `json:"owner_org"`
		Maintainer      string           `json:"maintainer"`
		MaintainerEmail string           `json:"maintainer_email"`
		Groups          []ckanGroup      `json:"groups"`
		Tags            []ckanTag        `json:"tags"`
		Extras          []ckanExtra      `json:"extras"`
		NumResources    int              `json:"num_resources"`
		Resources       []ckanResource   `json:"resources"`
	}
	ckanOrganization struct {
		ID                    string `json:"id"`
		Name                  string `json:"name"`
		Type                  string `json:"type"`
		State                 string `json:"state"`
		IsOrganization        bool   `json:"is_organization"`
		Title                 string `json:"title"`
		TitleTranslated       words  `json:"title_translated"`
		Description           string `json:"description"`
		DescriptionTranslated words  `json:"description_translated"`
	}
	ckanGroup struct {
		ID              string `json:"id"`
		Name            string `json:"name"`
		Title           string `json:"title"`
		DisplayName     string `json:"display_name"`
		TitleTranslated words  `json:"title_translated"`
	}
	ckanTag struct {
		Name        string `json:"name"`
		DisplayName string `json:"display_name"`
		State       string `json:"state"`
	}
	ckanExtra struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	ckanResource struct {
		ID                    string `json:"id"`
		PackageID             string `json:"package_id"`
		Position              int    `json:"position"`
		State                 string `json:"state"`
		Name                  string `json:"name"`
		NameTranslated        words  `json:"name_translated"`
		Description           string `json:"description"`
		DescriptionTranslated words  `json:"description_translated"`
		URL                   string `json:"url"`
		Format                string `json:"format"`
		MediaType             string `json:"mimetype"`
		Modified              string `json:"last_modified"`
	}
)

// defaultRows and maxRows are the bounds of a page of CKAN.
const (
	defaultRows = 10
	maxRows     = 1000
)

func packageSearch(w http.ResponseWriter, r *http.Request) {
	reply := ckanReply{Help: "http://" + r.Host + "/api/3/action/help_show?name=package_search", Success: true}
	rows, start := defaultRows, 0
	for name, to := range map[string]*int{"rows": &rows, "start": &start} {
		s := r.FormValue(name)
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			refuse(w, reply, http.StatusConflict, "Validation Error", name+" must be a whole number that is not negative")
			return
		}
		*to = n
	}
	all := packages(r)
	sort := cmp.Or(r.FormValue("sort"), "metadata_modified desc")
	if !order(all, sort) {
		refuse(w, reply, http.StatusConflict, "Validation Error", "sort by id, name, title, metadata_created or metadata_modified, asc or desc")
		return
	}
	page := ckanPage{Count: len(all), Sort: sort, Results: []ckanPackage{}}
	if start < len(all) {
		page.Results = all[start:min(len(all), start+min(rows, maxRows))]
	}
	reply.Result = page
	answer(w, http.StatusOK, reply)
}

// order sorts the packages as CKAN's parameter says, and reports whether it
// understood it.
func order(all []ckanPackage, by string) bool {
	field, direction, _ := strings.Cut(strings.TrimSpace(strings.Split(by, ",")[0]), " ")
	keys := map[string]func(p *ckanPackage) string{
		"id":                func(p *ckanPackage) string { return p.ID },
		"name":              func(p *ckanPackage) string { return p.Name },
		"title":             func(p *ckanPackage) string { return p.Title },
		"title_string":      func(p *ckanPackage) string { return p.Title },
		"metadata_created":  func(p *ckanPackage) string { return p.Created },
		"metadata_modified": func(p *ckanPackage) string { return p.Modified },
	}
	key := keys[field]
	if key == nil || direction != "" && direction != "asc" && direction != "desc" {
		return false
	}
	slices.SortStableFunc(all, func(a, b ckanPackage) int {
		c := cmp.Compare(key(&a), key(&b))
		if direction == "desc" {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.ID, b.ID))
	})
	return true
}

func packageShow(w http.ResponseWriter, r *http.Request) {
	reply := ckanReply{Help: "http://" + r.Host + "/api/3/action/help_show?name=package_show", Success: true}
	for _, p := range packages(r) {
		if id := r.FormValue("id"); id == p.ID || id == p.Name {
			reply.Result = p
			answer(w, http.StatusOK, reply)
			return
		}
	}
	refuse(w, reply, http.StatusNotFound, "Not Found Error", "Not found")
}

func organizationList(w http.ResponseWriter, r *http.Request) {
	reply := ckanReply{Help: "http://" + r.Host + "/api/3/action/help_show?name=organization_list", Success: true}
	full := []ckanOrganization{}
	names := []string{}
	for _, d := range of(inCKAN) {
		if !slices.Contains(names, d.agency) {
			names = append(names, d.agency)
			full = append(full, organization(d.agency))
		}
	}
	reply.Result = names
	if all, _ := strconv.ParseBool(r.FormValue("all_fields")); all {
		reply.Result = full
	}
	answer(w, http.StatusOK, reply)
}

func refuse(w http.ResponseWriter, reply ckanReply, status int, kind, message string) {
	reply.Success, reply.Error = false, &ckanError{kind, message}
	answer(w, status, reply)
}

// key returns the identifier that CKAN has for a thing: always the same.
func key(noun, name string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://shafaf.example/"+noun+"/"+name)).String()
}
