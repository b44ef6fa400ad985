package datasets

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// A jsonLine reads a file of a value on each line. Each line is checked before
// it is walked over, so that a broken one spoils no other.
type jsonLine struct {
	r    *bufio.Reader
	s    *jsonstream.Stream
	text []byte
	row  int64
}

func (j *jsonFile) newLines() (*jsonLine, error) {
	r, err := j.text(0)
	if err != nil {
		return nil, err
	}
	s := jsonstream.New(bytes.NewReader(nil))
	s.NaN = true
	return &jsonLine{r: bufio.NewReaderSize(r, 256<<10), s: s}, nil
}

// next makes the stream ready to walk over the next line that is not blank. A
// broken line is a fault; the error is io.EOF at the end.
func (l *jsonLine) next() (fault *Fault, err error) {
	for {
		l.row++
		long := false
		l.text = l.text[:0]
		for {
			part, more := l.r.ReadSlice('\n')
			if len(l.text)+len(part) > maxRecord {
				long = true
			} else {
				l.text = append(l.text, part...)
			}
			if errors.Is(more, bufio.ErrBufferFull) {
				continue
			}
			if more != nil && (!errors.Is(more, io.EOF) || len(l.text) == 0 && !long) {
				return nil, more
			}
			break
		}
		if long {
			long := faultAt(l.row, "", "json.line.long")
			return &long, nil
		}
		line := bytes.TrimSpace(bytes.TrimPrefix(l.text, []byte{0x1E})) // the mark of RFC 8142
		if len(line) == 0 {
			continue
		}
		return l.check(line), nil
	}
}

// check walks over a line and makes the stream ready to do so once more.
func (l *jsonLine) check(line []byte) *Fault {
	l.s.Reset(bytes.NewReader(line))
	err := l.s.Skip()
	if err == nil {
		err = l.s.End()
	}
	l.s.Reset(bytes.NewReader(line))
	if err != nil {
		broken := faultAt(l.row, "", "json.line", err)
		return &broken
	}
	return nil
}

// manyLines reports whether the first line of the file that is not blank is a
// whole object or list, and another line follows.
func (j *jsonFile) manyLines() (bool, error) {
	l, err := j.newLines()
	if err != nil {
		return false, err
	}
	fault, err := l.next()
	if err != nil || fault != nil || len(l.text) == 0 {
		return false, ignoreEOF(err)
	}
	if c := bytes.TrimSpace(l.text)[0]; c != '{' && c != '[' && c != 0x1E {
		return false, nil
	}
	_, err = l.next()
	return err == nil, ignoreEOF(err)
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// overLines is the survey of a file of lines: they are one table, whose kind
// the first of them tells.
func (v *jsonSurvey) overLines() error {
	lines, err := v.file.newLines()
	if err != nil {
		return err
	}
	v.s = lines.s
	t := &jsonTable{file: v.file}
	for n := 0; ; n++ {
		if n&1023 == 0 && v.ctx.Err() != nil {
			return v.ctx.Err()
		}
		fault, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if fault != nil {
			continue // told when the rows are read
		}
		t.row = lines.row
		c, err := v.s.Peek()
		if err != nil {
			return err
		}
		if len(v.tables) == 0 {
			if c != '{' && c != '[' {
				continue
			}
			t.setKind(c)
			v.tables = append(v.tables, t)
			if c == '{' && !v.file.geo && isGeoLine(lines.text) {
				return errGeoJSON
			}
		}
		if err := v.item(t, c); err != nil {
			return err
		}
	}
}
