package exporters

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const (
	parquetMagic = "PAR1"
	mostRowGroup = math.MaxInt16 // number of the last row group
)

// A parquetFile takes row groups, one behind the other, and at the end writes
// what readers find them by.
type parquetFile struct {
	w    *bufio.Writer
	at   int64 // bytes written
	meta format.FileMetaData

	columns [][]format.ColumnIndex // of each row group
	offsets [][]format.OffsetIndex
}

// newParquetFile returns a file of the schema. Nothing is written before the
// first row group is there.
func newParquetFile(w io.Writer, schema *parquet.Schema) (*parquetFile, error) {
	empty := parquet.NewGenericWriter[any](io.Discard, schema, parquet.CreatedBy("Shafaf", "", ""))
	if err := empty.Close(); err != nil {
		return nil, err
	}
	return &parquetFile{w: bufio.NewWriterSize(w, blockSize), meta: *empty.File().Metadata()}, nil
}

// Write writes b and counts its bytes.
func (f *parquetFile) Write(b []byte) (int, error) {
	n, err := f.w.Write(b)
	f.at += int64(n)
	return n, err
}

// begin writes what stands before the first row group.
func (f *parquetFile) begin() error {
	if f.at > 0 {
		return nil
	}
	_, err := f.Write([]byte(parquetMagic))
	return err
}

// add writes the row group, whose columns have been finished.
func (f *parquetFile) add(g *parquetGroup) error {
	if len(f.meta.RowGroups) > mostRowGroup {
		return errors.New("the table has too many rows for one Parquet file")
	}
	if err := f.begin(); err != nil {
		return err
	}
	columns, offsets := make([]format.ColumnIndex, len(g.columns)), make([]format.OffsetIndex, len(g.columns))
	group := format.RowGroup{
		Columns: make([]format.ColumnChunk, len(g.columns)), NumRows: g.rows, FileOffset: f.at,
		Ordinal: int16(len(f.meta.RowGroups)), //nolint:gosec // see mostRowGroup
	}
	for i, c := range g.columns {
		if len(c.dictionary) > 0 {
			c.meta.DictionaryPageOffset = f.at
		}
		c.meta.DataPageOffset = f.at + int64(len(c.dictionary))
		for k := range c.places {
			c.places[k].Offset += c.meta.DataPageOffset
		}
		group.Columns[i].MetaData = c.meta
		group.TotalByteSize += c.meta.TotalUncompressedSize
		group.TotalCompressedSize += c.meta.TotalCompressedSize
		columns[i], offsets[i].PageLocations = c.index.ColumnIndex(), c.places
		for _, part := range [][]byte{c.dictionary, c.pages} {
			if _, err := f.Write(part); err != nil {
				return err
			}
		}
	}
	f.meta.RowGroups = append(f.meta.RowGroups, group)
	f.meta.NumRows += g.rows
	f.columns, f.offsets = append(f.columns, columns), append(f.offsets, offsets)
	return f.w.Flush()
}

// close writes the indexes of all pages and the footer.
func (f *parquetFile) close() error {
	if err := f.begin(); err != nil {
		return err
	}
	protocol := new(thrift.CompactProtocol)
	encoder := thrift.NewEncoder(protocol.NewWriter(f))
	for i, group := range f.meta.RowGroups {
		for k := range group.Columns {
			c := &group.Columns[k]
			c.ColumnIndexOffset = f.at
			if err := encoder.Encode(&f.columns[i][k]); err != nil {
				return err
			}
			c.ColumnIndexLength = int32(f.at - c.ColumnIndexOffset) //nolint:gosec // as many bytes as the bounds of its pages
		}
	}
	for i, group := range f.meta.RowGroups {
		for k := range group.Columns {
			c := &group.Columns[k]
			c.OffsetIndexOffset = f.at
			if err := encoder.Encode(&f.offsets[i][k]); err != nil {
				return err
			}
			c.OffsetIndexLength = int32(f.at - c.OffsetIndexOffset) //nolint:gosec // some bytes a page
		}
	}
	start := f.at
	if err := encoder.Encode(&f.meta); err != nil {
		return err
	}
	end := binary.LittleEndian.AppendUint32(nil, uint32(f.at-start)) //nolint:gosec // some hundred bytes a column and row group
	if _, err := f.Write(append(end, parquetMagic...)); err != nil {
		return err
	}
	return f.w.Flush()
}
