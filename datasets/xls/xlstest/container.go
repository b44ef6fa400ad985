package xlstest

import (
	"encoding/binary"
	"slices"
)

// An Entry is a stream in a container; one without data is a storage.
type Entry struct {
	Name string
	Data []byte
}

const (
	unit     = 512
	mini     = 64
	cutoff   = 4096
	perFAT   = unit / 4
	inHeader = 109
	end      = 0xFFFFFFFE
	free     = 0xFFFFFFFF
)

// Wrap returns a compound file with the stream as its workbook.
func Wrap(stream []byte) []byte { return Container(Entry{"Workbook", stream}) }

// Container returns a compound file with the entries. The sectors of large
// streams stand in it from last to first, as in a file that was saved over and
// over.
func Container(entries ...Entry) []byte {
	w := writer{}
	var small, miniFAT []byte
	dir := directory(Entry{"Root Entry", nil}, 5)
	for i, e := range entries {
		d := directory(e, 2)
		switch {
		case e.Data == nil:
			d[66] = 1
		case len(e.Data) < cutoff:
			put(d[116:], len(small)/mini)
			for n := 0; n < len(e.Data); n += mini {
				miniFAT = binary.LittleEndian.AppendUint32(miniFAT, uint32(len(small)/mini+n/mini+1))
			}
			if len(e.Data) > 0 {
				put(miniFAT[len(miniFAT)-4:], end)
			}
			small = append(small, padded(e.Data, mini)...)
		default:
			put(d[116:], w.chain(e.Data, true))
		}
		if i+1 < len(entries) {
			put(d[72:], i+2)
		}
		dir = append(dir, d...)
	}
	if len(entries) > 0 {
		put(dir[76:], 1)
	}
	firstMini := end
	if len(small) > 0 {
		put(dir[116:], w.chain(small, false))
		put(dir[120:], len(small))
		firstMini = w.chain(filled(miniFAT, unit), false)
	}
	return w.file(w.chain(padded(dir, unit), false), firstMini)
}

func directory(e Entry, kind byte) []byte {
	d := make([]byte, 128)
	name := Wide(e.Name)
	copy(d, name)
	d[64], d[66] = byte(len(name)+2), kind
	for _, at := range []int{68, 72, 76} {
		put(d[at:], free)
	}
	put(d[116:], end)
	put(d[120:], len(e.Data))
	return d
}

func put(b []byte, n int) { binary.LittleEndian.PutUint32(b, uint32(n)) }

func padded(b []byte, unit int) []byte {
	return append(slices.Clone(b), make([]byte, (unit-len(b)%unit)%unit)...)
}

func filled(b []byte, unit int) []byte {
	for len(b)%unit != 0 {
		b = append(b, 0xFF)
	}
	return b
}

// A writer puts chains of sectors into a file.
type writer struct {
	body []byte
	fat  []uint32
}

// chain appends data and returns its first sector.
func (w *writer) chain(data []byte, backwards bool) int {
	data = padded(data, unit)
	first, n := len(w.fat), len(data)/unit
	for i := range n {
		from, next := i, first+i+1
		if backwards {
			from, next = n-1-i, first+i-1
		}
		if from == n-1 {
			next = end
		}
		w.body = append(w.body, data[from*unit:(from+1)*unit]...)
		w.fat = append(w.fat, uint32(next))
	}
	if backwards {
		return first + n - 1
	}
	return first
}

// file returns the header and all sectors.
func (w *writer) file(dir, firstMini int) []byte {
	lists, more := 0, 0 // sectors of the FAT, and of the list of those
	for lists*perFAT < len(w.fat)+lists+more {
		lists++
		if lists > inHeader {
			more = (lists - inHeader + perFAT - 2) / (perFAT - 1)
		}
	}
	first := len(w.fat)
	for range lists {
		w.fat = append(w.fat, 0xFFFFFFFD)
	}
	for range more {
		w.fat = append(w.fat, 0xFFFFFFFC)
	}
	head := make([]byte, unit)
	copy(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	copy(head[24:], Pack(uint16(0x3E), uint16(3), uint16(0xFFFE), uint16(9), uint16(6)))
	for at, n := range map[int]int{44: lists, 48: dir, 56: cutoff, 60: firstMini, 68: end, 72: more} {
		put(head[at:], n)
	}
	var numbers []byte // of the sectors of the FAT
	for i := range lists {
		numbers = binary.LittleEndian.AppendUint32(numbers, uint32(first+i))
	}
	copy(head[76:], filled(slices.Clone(numbers[:min(len(numbers), 4*inHeader)]), 4*inHeader))
	var fat []byte
	for _, n := range w.fat {
		fat = binary.LittleEndian.AppendUint32(fat, n)
	}
	out := slices.Concat(head, w.body, filled(fat, unit))
	if more == 0 {
		return out
	}
	put(out[68:], first+lists)
	for rest, i := numbers[4*inHeader:], 1; i <= more; i++ {
		sector := filled(slices.Clone(rest[:min(len(rest), unit-4)]), unit-4)
		rest = rest[min(len(rest), unit-4):]
		next := end
		if i < more {
			next = first + lists + i
		}
		out = binary.LittleEndian.AppendUint32(append(out, sector...), uint32(next))
	}
	return out
}
