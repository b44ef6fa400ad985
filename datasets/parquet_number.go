package datasets

import (
	"math"
	"math/big"
	"strconv"

	"github.com/parquet-go/parquet-go"
)

// nullCells are of a column that never has a value.
type nullCells struct{}

func (nullCells) column() Column                       { return Column{Type: Text} }
func (nullCells) read(parquet.Value, []byte) cellValue { return cellValue{null: true} }

type booleanCells struct{}

func (booleanCells) column() Column { return Column{Type: Boolean} }

func (booleanCells) read(v parquet.Value, _ []byte) cellValue {
	if v.Boolean() {
		return cellValue{n: 1}
	}
	return cellValue{}
}

// integerCells are whole numbers. When some are larger than an integer holds,
// as unsigned ones may be, all are floats and keep their text.
type integerCells struct {
	kind     parquet.Kind
	unsigned bool
	wide     bool
}

func (c *integerCells) column() Column {
	if c.wide {
		return Column{Type: Decimal, Float: true}
	}
	return Column{Type: Integer}
}

func (c *integerCells) read(v parquet.Value, text []byte) cellValue {
	switch {
	case c.kind == parquet.Int32 && c.unsigned:
		return cellValue{n: int64(v.Uint32())}
	case c.kind == parquet.Int32:
		return cellValue{n: int64(v.Int32())}
	case c.wide:
		return cellValue{f: float64(v.Uint64()), text: strconv.AppendUint(text, v.Uint64(), 10)}
	}
	return cellValue{n: v.Int64()}
}

// measure takes note of a value: whether it is larger than an integer.
func (c *integerCells) measure(v parquet.Value) bool {
	c.wide = c.wide || v.Uint64() > math.MaxInt64
	return !c.wide
}

// floatCells are numbers in binary. What is no number is null and keeps its name.
type floatCells struct{ bits int }

func (floatCells) column() Column { return Column{Type: Decimal, Float: true} }

func (c floatCells) read(v parquet.Value, text []byte) cellValue {
	var f float64
	switch c.bits {
	case 16:
		f = short(half(v.ByteArray()))
	case 32:
		f = short(v.Float())
	default:
		f = v.Double()
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return cellValue{null: true, text: strconv.AppendFloat(text, f, 'g', -1, 64)}
	}
	return cellValue{f: f}
}

// short returns the number that f prints as: 0.1 and not 0.10000000149.
func short(f float32) float64 {
	x, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		return float64(f)
	}
	return x
}

// half reads a number of 16 bits (IEEE 754).
func half(b []byte) float32 {
	if len(b) != 2 {
		return float32(math.NaN())
	}
	bits := uint32(b[0]) | uint32(b[1])<<8
	sign, exp, frac := bits>>15, bits>>10&0x1F, bits&0x3FF
	var f float64
	switch exp {
	case 0:
		f = math.Ldexp(float64(frac), -24)
	case 31:
		f = math.Inf(1)
		if frac != 0 {
			f = math.NaN()
		}
	default:
		f = math.Ldexp(float64(frac|1<<10), int(exp)-25)
	}
	if sign == 1 {
		f = -f
	}
	return float32(f)
}

// decimalCells are decimals of any width. When all that a column holds fits,
// they are scaled integers; else they are floats and keep their text.
type decimalCells struct {
	kind             parquet.Kind
	scale, precision int
	wide             bool // some value does not fit, so all are floats
	digits           int  // the most before the point
	used             int  // the scale of the column: that of the type, or less where that is too much
}

// proved reports whether the type alone says that all values fit.
func (c *decimalCells) proved() bool {
	return c.scale <= maxScale && c.precision <= 18 && c.kind != parquet.ByteArray
}

func (c *decimalCells) column() Column {
	if c.wide {
		return Column{Type: Decimal, Float: true}
	}
	if !c.proved() {
		return Column{Type: Decimal, Scale: c.used, Fixed: c.used == c.scale}
	}
	return Column{Type: Decimal, Scale: c.scale, Fixed: true}
}

func (c *decimalCells) unscaled(v parquet.Value) (*big.Int, bool) {
	switch c.kind {
	case parquet.Int32:
		return big.NewInt(int64(v.Int32())), true
	case parquet.Int64:
		return big.NewInt(v.Int64()), true
	default:
	}
	b := v.ByteArray()
	if len(b) > maxDecimalBytes {
		return nil, false
	}
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n, true
}

func (c *decimalCells) read(v parquet.Value, text []byte) cellValue {
	if c.proved() && !c.wide {
		if n, ok := c.small(v); ok {
			return cellValue{n: n}
		}
	}
	n, ok := c.unscaled(v)
	if !ok {
		return cellValue{null: true, text: append(text, "a decimal of more than 64 bytes"...)}
	}
	if !c.wide {
		if n, ok := rescaled(n, c.scale, c.column().Scale); ok {
			return cellValue{n: n}
		}
	}
	exact := new(big.Rat).SetFrac(n, powerOfTen(c.scale))
	f, _ := exact.Float64()
	return cellValue{f: f, null: math.IsInf(f, 0), text: append(text, exact.FloatString(c.scale)...)}
}

// measure takes note of a value: how many digits after the point it needs, and
// whether it fits an integer with them.
func (c *decimalCells) measure(v parquet.Value) bool {
	n, ok := c.unscaled(v)
	if !ok {
		return true
	}
	scale := c.scale
	if scale > maxScale {
		scale = significant(n, c.scale)
	}
	if c.used = max(c.used, scale); c.used > maxScale {
		c.wide = true
		return false
	}
	// 18 digits in all, as elsewhere; a later value may need more after the point.
	c.digits = max(c.digits, len(new(big.Int).Quo(new(big.Int).Abs(n), powerOfTen(c.scale)).String()))
	c.wide = c.wide || c.digits+c.used > 18
	return !c.wide
}

func powerOfTen(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// small reads a value whose type says that it fits an integer.
func (c *decimalCells) small(v parquet.Value) (int64, bool) {
	switch c.kind {
	case parquet.Int32:
		return int64(v.Int32()), true
	case parquet.Int64:
		return v.Int64(), true
	default:
	}
	n, ok := c.unscaled(v)
	if !ok || !n.IsInt64() {
		return 0, false
	}
	return n.Int64(), true
}

// rescaled returns n / 10^scale as an integer of the scale to; false when it
// is none, or too large.
func rescaled(n *big.Int, scale, to int) (int64, bool) {
	if scale > to {
		q, r := new(big.Int).QuoRem(n, powerOfTen(scale-to), new(big.Int))
		if r.Sign() != 0 {
			return 0, false
		}
		n = q
	}
	if !n.IsInt64() {
		return 0, false
	}
	return n.Int64(), true
}

// significant returns how many digits after the point n / 10^scale needs.
func significant(n *big.Int, scale int) int {
	if n.Sign() == 0 {
		return 0
	}
	ten, r := big.NewInt(10), new(big.Int)
	for ; scale > 0; scale-- {
		q, _ := new(big.Int).QuoRem(n, ten, r)
		if r.Sign() != 0 {
			return scale
		}
		n = q
	}
	return scale
}
