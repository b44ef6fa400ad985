package writing

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// maxKey is the length of the longest Idempotency-Key, in bytes.
const maxKey = 200

// A request is what a write asks for, as it is told apart from others.
type request struct {
	key    string
	digest []byte
}

// asked reads the key of a request. body is what came with it, or the digest
// and name of the file that did.
func asked(r *site.Request, body []byte) (request, error) {
	key := r.Header(site.HeaderOnce)
	if len(key) > maxKey {
		return request{}, r.Refuse(fiber.StatusUnprocessableEntity, site.HeaderOnce, "write.key", "n", int64(maxKey))
	}
	sum := sha256.New()
	for _, part := range []string{r.Method(), r.Path, r.Query.Encode()} {
		sum.Write([]byte(part + "\n"))
	}
	sum.Write(body)
	return request{key, sum.Sum(nil)}, nil
}

// tag is the ETag of a dataset at a revision.
func tag(revision int64) string { return `"r` + strconv.FormatInt(revision, 10) + `"` }

// revision reads If-Match: the revision that the caller saw. Where need is set
// there must be one.
func revision(r *site.Request, need bool) (int64, error) {
	header := strings.TrimSpace(r.Header(fiber.HeaderIfMatch))
	switch {
	case header == "" && need:
		return 0, r.Refuse(fiber.StatusPreconditionRequired, fiber.HeaderIfMatch, "write.match.missing")
	case header == "" || header == "*":
		return catalog.AnyRevision, nil
	}
	text := strings.TrimPrefix(header, "W/") // proxies that compress write it so
	if strings.HasPrefix(text, `"r`) && strings.HasSuffix(text, `"`) && len(text) > 3 {
		if n, err := strconv.ParseInt(text[2:len(text)-1], 10, 64); err == nil && n > 0 {
			return n, nil
		}
	}
	return 0, r.Refuse(fiber.StatusPreconditionFailed, fiber.HeaderIfMatch, "write.match.other")
}

// once runs a write, and answers what that has to say. What a key was answered
// before is answered again, and nothing is done. What was made stands at base
// and its id.
func (a *API) once(r *site.Request, q request, base string, write func(tx *catalog.Tx) (catalog.Answered, error)) (site.View, error) {
	var answer catalog.Answered
	err := a.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		if q.key != "" {
			before, err := tx.Answered(r.Actor.Token, q.key, q.digest)
			if err != nil {
				return err
			}
			if before != nil {
				answer = *before
				return nil
			}
		}
		var err error
		if answer, err = write(tx); err != nil {
			return err
		}
		return keepAnswer(tx, r, q, &answer)
	})
	if err != nil {
		return nil, err
	}
	return a.view(&answer, base), nil
}

// keepAnswer keeps what is answered under the key of the request, if it has one.
func keepAnswer(tx *catalog.Tx, r *site.Request, q request, answer *catalog.Answered) error {
	if q.key == "" {
		return nil
	}
	return tx.Answer(r.Actor.Token, q.key, q.digest, *answer)
}

// answeredBefore is what the key of the request was answered, nil when nothing
// was yet.
func (a *API) answeredBefore(r *site.Request, q request) (*catalog.Answered, error) {
	if q.key == "" {
		return nil, nil
	}
	return a.Store.Answered(r.Context(), r.Actor.Token, q.key, q.digest)
}

// do is once for a dataset, which is answered as it is afterwards.
func (a *API) do(r *site.Request, q request, status int, write func(tx *catalog.Tx) (catalog.DeskDataset, error)) (site.View, error) {
	return a.once(r, q, apiDatasets, func(tx *catalog.Tx) (catalog.Answered, error) {
		d, err := write(tx)
		if err != nil {
			return catalog.Answered{}, err
		}
		return a.answer(tx, &d, status)
	})
}

// answer writes what is told of d.
func (a *API) answer(tx *catalog.Tx, d *catalog.DeskDataset, status int) (catalog.Answered, error) {
	if err := tx.Whole(d); err != nil {
		return catalog.Answered{}, err
	}
	agency, err := tx.Agency(d.Agency)
	if err != nil {
		return catalog.Answered{}, err
	}
	return told(status, d.ID, d.Revision, a.shape(d, &agency))
}

func (a *API) view(answer *catalog.Answered, base string) *site.Answer {
	id, tag, _ := strings.Cut(answer.Thing, " ")
	v := site.NewAnswer(answer.Status, json.RawMessage(answer.Body))
	v.Tag = tag
	if answer.Status == fiber.StatusCreated && id != "" {
		v.Location = a.BaseURL + base + "/" + id
	}
	return v
}
