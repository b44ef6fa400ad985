package datasets

import "errors"

// A compactScan walks over data in the compact protocol of Thrift, in which
// Parquet writes of itself, and counts: whoever decodes it makes room for what
// it says before that is there.
type compactScan struct {
	b       []byte
	at      int
	structs int // in lists
	items   int // in lists
	depth   int
}

// The types of the protocol.
const (
	compactTrue   = 1
	compactFalse  = 2
	compactByte   = 3
	compactI16    = 4
	compactI64    = 6
	compactDouble = 7
	compactBinary = 8
	compactList   = 9
	compactSet    = 10
	compactMap    = 11
	compactStruct = 12
	compactUUID   = 13
)

// What Parquet may say of itself. The structs are those of schemas and columns
// of row groups, which take up to a kilobyte each.
const (
	maxCompactDepth   = 32
	maxCompactStructs = 200_000
	maxCompactItems   = 8_000_000
)

var (
	errCompactShort = errors.New("it ends too early")
	errCompactBad   = errors.New("it is not what such files hold")
	errCompactMany  = errors.New("it has more parts than are read")
)

func (c *compactScan) byte() (byte, error) {
	if c.at >= len(c.b) {
		return 0, errCompactShort
	}
	c.at++
	return c.b[c.at-1], nil
}

func (c *compactScan) uvarint() (uint64, error) {
	n := uint64(0)
	for shift := 0; shift < 64; shift += 7 {
		b, err := c.byte()
		if err != nil {
			return 0, err
		}
		if n |= uint64(b&0x7F) << shift; b < 0x80 {
			return n, nil
		}
	}
	return 0, errCompactBad
}

// integer reads a signed number.
func (c *compactScan) integer() (int64, error) {
	n, err := c.uvarint()
	return int64(n>>1) ^ -int64(n&1), err
}

func (c *compactScan) skipBytes(n uint64) error {
	if n > uint64(len(c.b)-c.at) {
		return errCompactShort
	}
	c.at += int(n)
	return nil
}

// fields walks over a struct. visit is handed each field and reports whether
// it has read it.
func (c *compactScan) fields(visit func(id int64, typ byte) (read bool, err error)) error {
	if c.depth++; c.depth > maxCompactDepth {
		return errCompactMany
	}
	defer func() { c.depth-- }()
	for id := int64(0); ; {
		head, err := c.byte()
		if err != nil || head == 0 {
			return err
		}
		if delta := int64(head >> 4); delta != 0 {
			id += delta
		} else if id, err = c.integer(); err != nil {
			return err
		}
		read, err := visit(id, head&0xF)
		if err == nil && !read {
			err = c.skip(head & 0xF)
		}
		if err != nil {
			return err
		}
	}
}

// skip walks over a value.
func (c *compactScan) skip(typ byte) error {
	switch {
	case typ == compactTrue || typ == compactFalse:
		return nil
	case typ == compactByte:
		return c.skipBytes(1)
	case typ >= compactI16 && typ <= compactI64:
		_, err := c.uvarint()
		return err
	case typ == compactDouble:
		return c.skipBytes(8)
	case typ == compactUUID:
		return c.skipBytes(16)
	case typ == compactBinary:
		n, err := c.uvarint()
		if err != nil {
			return err
		}
		return c.skipBytes(n)
	case typ == compactList || typ == compactSet:
		return c.skipList()
	case typ == compactMap:
		return c.skipMap()
	case typ == compactStruct:
		return c.fields(func(int64, byte) (bool, error) { return false, nil })
	}
	return errCompactBad
}

// skipItem walks over a value in a list or map, where truth values have a byte.
func (c *compactScan) skipItem(typ byte) error {
	if typ == compactStruct {
		c.structs++
	}
	if c.items++; c.items > maxCompactItems || c.structs > maxCompactStructs {
		return errCompactMany
	}
	if typ == compactTrue || typ == compactFalse {
		return c.skipBytes(1)
	}
	return c.skip(typ)
}

func (c *compactScan) skipList() error {
	head, err := c.byte()
	n := uint64(head >> 4)
	if err == nil && n == 15 {
		n, err = c.uvarint()
	}
	if n > uint64(len(c.b)-c.at) { // each takes a byte at least
		err = errors.Join(err, errCompactShort)
	}
	for ; err == nil && n > 0; n-- {
		err = c.skipItem(head & 0xF)
	}
	return err
}

func (c *compactScan) skipMap() error {
	n, err := c.uvarint()
	if err != nil || n == 0 {
		return err
	}
	types, err := c.byte()
	for ; err == nil && n > 0; n-- {
		if err = c.skipItem(types >> 4); err == nil {
			err = c.skipItem(types & 0xF)
		}
	}
	return err
}

// A pageHead is what is looked at of the head of a page.
type pageHead struct {
	size             int   // of the head itself
	packed, unpacked int64 // bytes of the page
	values           int64
	dictionary       bool
}

// readPageHead reads the head of the page that b begins with. It returns
// errCompactShort when more of the file is needed.
func readPageHead(b []byte) (pageHead, error) {
	var h pageHead
	c := compactScan{b: b}
	err := c.fields(func(id int64, typ byte) (bool, error) {
		switch {
		case (id == 2 || id == 3) && typ >= compactI16 && typ <= compactI64:
			n, err := c.integer()
			if id == 2 {
				h.unpacked = n
			} else {
				h.packed = n
			}
			return true, err
		case (id == 5 || id == 7 || id == 8) && typ == compactStruct:
			h.dictionary = h.dictionary || id == 7
			return true, c.fields(func(id int64, typ byte) (bool, error) {
				if id != 1 || typ < compactI16 || typ > compactI64 {
					return false, nil
				}
				n, err := c.integer()
				h.values = max(h.values, n)
				return true, err
			})
		}
		return false, nil
	})
	h.size = c.at
	return h, err
}
