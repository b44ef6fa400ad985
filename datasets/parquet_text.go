package datasets

import (
	"encoding/hex"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"
)

type uuidCells struct{}

func (uuidCells) column() Column { return Column{Type: Text} }

func (uuidCells) read(v parquet.Value, text []byte) cellValue {
	id, err := uuid.FromBytes(v.ByteArray())
	if err != nil {
		return cellValue{text: hex.AppendEncode(text, v.ByteArray())}
	}
	return cellValue{text: append(text, id.String()...)}
}

// textCells are texts, or bytes of which nothing is said: these are text where
// they are UTF-8, as of old writers, and else hexadecimal digits.
type textCells struct{ binary, hex bool }

func (textCells) column() Column { return Column{Type: Text} }

func (c textCells) read(v parquet.Value, text []byte) cellValue {
	b := v.ByteArray()
	switch {
	case c.hex || c.binary && (!utf8.Valid(b) || looksBinary(b)):
		return cellValue{text: hex.AppendEncode(append(text, "0x"...), b)}
	case !utf8.Valid(b):
		for _, r := range string(b) { // each bad byte becomes U+FFFD
			text = utf8.AppendRune(text, r)
		}
		return cellValue{text: text}
	}
	return cellValue{text: append(text, b...)}
}

const (
	maxDecimalScale = 400
	maxDecimalBytes = 64
)
