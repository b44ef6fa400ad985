package exporters

import (
	"math"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/plain"
)

// parquetInts are whole numbers, decimals, moments, dates and truths. All but
// truths are packed as differences, which made files half as large as plain ones
// or dictionaries did, in no more time.
type parquetInts struct {
	kind        parquet.Kind // INT64, INT32 or BOOLEAN
	least, most int64        // that the type holds
	outside     error        // says so

	values    []int64
	low, high int64
	days      []int32
}

func (p *parquetInts) take(levels []byte, v *datasets.Vector, from, to int) ([]byte, error) {
	if len(p.values) == 0 {
		p.low, p.high = math.MaxInt64, math.MinInt64
	}
	for row := from; row < to; row++ {
		if v.Null[row] {
			levels = append(levels, 0)
			continue
		}
		n := v.Int[row]
		if n < p.least || n > p.most {
			return levels, p.outside
		}
		p.low, p.high = min(p.low, n), max(p.high, n)
		p.values, levels = append(p.values, n), append(levels, 1)
	}
	return levels, nil
}

func (p *parquetInts) full() bool { return false }

func (p *parquetInts) size() int { return 8 * len(p.values) }

func (p *parquetInts) pack(dst []byte) (packed []byte, e encoding.Encoding, b parquetBounds, err error) {
	if len(p.values) > 0 {
		b = parquetBounds{p.value(p.low), p.value(p.high)}
	}
	switch p.kind {
	case parquet.Int32:
		p.days = p.days[:0]
		for _, n := range p.values {
			p.days = append(p.days, int32(n)) //nolint:gosec // see least and most
		}
		e = &delta.BinaryPackedEncoding{}
		packed, err = e.EncodeInt32(dst, p.days)
	case parquet.Boolean:
		e = &plain.Encoding{}
		packed = dst[:0]
		for i, n := range p.values {
			packed = plain.AppendBoolean(packed, i, n != 0)
		}
	default:
		e = &delta.BinaryPackedEncoding{}
		packed, err = e.EncodeInt64(dst, p.values)
	}
	p.values = p.values[:0]
	return packed, e, b, err
}

func (p *parquetInts) value(n int64) parquet.Value {
	switch p.kind {
	case parquet.Int32:
		return parquet.Int32Value(int32(n)) //nolint:gosec // see least and most
	case parquet.Boolean:
		return parquet.BooleanValue(n != 0)
	default:
		return parquet.Int64Value(n)
	}
}

func (p *parquetInts) dictionary(dst []byte) ([]byte, int) { return dst, 0 }

// parquetFloats are DOUBLE.
type parquetFloats struct {
	values    []float64
	low, high float64
}

func (p *parquetFloats) take(levels []byte, v *datasets.Vector, from, to int) ([]byte, error) {
	if len(p.values) == 0 {
		p.low, p.high = math.Inf(1), math.Inf(-1)
	}
	for row := from; row < to; row++ {
		if v.Null[row] {
			levels = append(levels, 0)
			continue
		}
		x := v.Float[row]
		if x < p.low { // not min and max: what is no number has no place among numbers
			p.low = x
		}
		if x > p.high {
			p.high = x
		}
		p.values, levels = append(p.values, x), append(levels, 1)
	}
	return levels, nil
}

func (p *parquetFloats) full() bool { return false }

func (p *parquetFloats) size() int { return 8 * len(p.values) }

func (p *parquetFloats) pack(dst []byte) (packed []byte, e encoding.Encoding, b parquetBounds, err error) {
	if len(p.values) > 0 {
		b = parquetBounds{parquet.DoubleValue(min(p.low, p.high)), parquet.DoubleValue(max(p.low, p.high))}
	}
	e = &plain.Encoding{}
	packed, err = e.EncodeDouble(dst, p.values)
	p.values = p.values[:0]
	return packed, e, b, err
}

func (p *parquetFloats) dictionary(dst []byte) ([]byte, int) { return dst, 0 }
