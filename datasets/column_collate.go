package datasets

import (
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"zombiezen.com/go/sqlite"
)

// collateFunction is the SQL function that sorts texts as people do.
const collateFunction = "dictionary_key"

// addFunctions gives a connection a function that gives the bytes by which a text is sorted.
// Code points would put چ, ژ, گ and پ behind ی.
func addFunctions(conn *sqlite.Conn) error {
	var keys collateKeys
	return conn.CreateFunction(collateFunction, &sqlite.FunctionImpl{
		NArgs:         1,
		Deterministic: true,
		Scalar: func(_ sqlite.Context, args []sqlite.Value) (sqlite.Value, error) {
			if args[0].Type() == sqlite.TypeNull {
				return sqlite.Value{}, nil
			}
			return keys.of(args[0].Text()), nil
		},
	})
}

// collateKeys makes keys of texts. A key takes a microsecond, and SQLite asks
// for it several times a row, mostly of few texts; so it remembers some.
type collateKeys struct {
	order *collate.Collator
	buf   collate.Buffer
	known map[string]sqlite.Value
}

const (
	maxKeys     = 2000
	maxKeyBytes = 200 // of a text that is remembered
)

func (k *collateKeys) of(text string) sqlite.Value {
	if key, ok := k.known[text]; ok {
		return key
	}
	if k.order == nil {
		k.order = collate.New(language.Persian)
	}
	if k.known == nil || len(k.known) >= maxKeys {
		k.known = map[string]sqlite.Value{}
	}
	k.buf.Reset()
	key := sqlite.BlobValue(k.order.KeyFromString(&k.buf, text))
	if len(text) <= maxKeyBytes {
		k.known[text] = key
	}
	return key
}
