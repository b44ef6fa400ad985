package samples

import (
	"bytes"
	"net/http"
	"time"

	"github.com/goccy/go-json"
)

// answer writes v as JSON.
func answer(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the reader has gone: nobody to tell
}

// serveFiles answers /files/NAME with the files of one source, which change
// on the day that their dataset was modified.
func serveFiles(source string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, d := range of(source) {
			for _, f := range d.files {
				if f.name != r.PathValue("name") || f.link != "" {
					continue
				}
				var body bytes.Buffer
				if err := f.write(&body); err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
					return
				}
				w.Header().Set("Content-Type", f.form.mediaType())
				http.ServeContent(w, r, f.name, day(d.modified), bytes.NewReader(body.Bytes()))
				return
			}
		}
		http.NotFound(w, r)
	}
}

func day(s string) time.Time { return dayAfter(s, 0) }

// address returns where f is taken from, by whoever asked the request's host.
func (f *file) address(r *http.Request) string {
	if f.link != "" {
		return f.link
	}
	return "http://" + r.Host + "/files/" + f.name
}
