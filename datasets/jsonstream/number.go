package jsonstream

import (
	"errors"
	"io"
)

// scanNumber reads the rest of a number that begins with c.
func (s *Stream) scanNumber(c byte) error {
	num := make([]byte, 1, 32)
	num[0] = c
	for {
		c, err := s.r.ReadByte()
		if errors.Is(err, io.EOF) {
			break // a number may end the document
		}
		if err != nil {
			return err
		}
		if c == 'I' && s.NaN && string(num) == "-" {
			s.off++
			if s.keep {
				s.add(c)
			}
			return s.scanWord("Infinity")
		}
		if (c < '0' || c > '9') && c != '.' && c|0x20 != 'e' && c != '+' && c != '-' {
			_ = s.r.UnreadByte()
			break
		}
		s.off++
		if s.keep {
			s.add(c)
		}
		if len(num) < cap(num) || len(num) < 1000 {
			num = append(num, c)
		}
	}
	if !validNumber(num) {
		return s.Bad("number", "%q is no number", string(num[:min(len(num), 40)]))
	}
	return nil
}

func validNumber(b []byte) bool {
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
	}
	digits := func() int {
		n := 0
		for n < len(b) && b[n] >= '0' && b[n] <= '9' {
			n++
		}
		b = b[n:]
		return n
	}
	zero := len(b) > 0 && b[0] == '0'
	if n := digits(); n == 0 || zero && n > 1 {
		return false
	}
	if len(b) > 0 && b[0] == '.' {
		b = b[1:]
		if digits() == 0 {
			return false
		}
	}
	if len(b) > 0 && b[0]|0x20 == 'e' {
		b = b[1:]
		if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		if digits() == 0 {
			return false
		}
	}
	return len(b) == 0
}
