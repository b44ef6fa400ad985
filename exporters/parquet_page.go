package exporters

import (
	"bytes"
	"hash/crc32"
	"math"
	"slices"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// A pagePacker makes pages of packed values. It is for one goroutine.
type pagePacker struct {
	packed []byte // the values of a page, to be compressed
	levels []byte
	small  []byte
	header bytes.Buffer
	coder  *zstd.Encoder
}

// pageWindow is how far back the compressor looks.
const pageWindow = 512 << 10

// newPagePacker returns one that remembers no more than a page or two: the
// compressor would take eight megabytes otherwise.
func newPagePacker() (pagePacker, error) {
	coder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(pageWindow), zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false))
	return pagePacker{coder: coder}, err
}

// mostPage is how many bytes a page has at most, with its header.
const mostPage = math.MaxInt32 - 1<<20

// data appends a page of p.packed to pages, in the second form of data pages:
// which rows are null, not compressed, and then the values, compressed.
func (p *pagePacker) data(pages, levels []byte, nulls int, e format.Encoding, m *format.ColumnMetaData) (_ []byte, err error) {
	if p.levels, err = (&rle.Encoding{BitWidth: 1}).EncodeLevels(p.levels, levels); err != nil {
		return pages, err
	}
	rows := int32(len(levels)) //nolint:gosec // see pageBytes
	header := format.PageHeader{Type: format.DataPageV2}
	header.DataPageHeaderV2.Set(format.DataPageHeaderV2{
		NumValues: rows, NumRows: rows, NumNulls: int32(nulls), //nolint:gosec // at most rows
		Encoding: e, DefinitionLevelsByteLength: int32(len(p.levels)), //nolint:gosec // at most a byte a row
		IsCompressed: thrift.New(true),
		Statistics:   format.Statistics{NullCount: int64(nulls)},
	})
	used(m, format.RLE, e)
	return p.page(pages, &header, e, p.levels, m)
}

// dictionary appends a page of p.packed, which are the n values that other pages
// have by number.
func (p *pagePacker) dictionary(pages []byte, n int, m *format.ColumnMetaData) ([]byte, error) {
	header := format.PageHeader{Type: format.DictionaryPage}
	header.DictionaryPageHeader.Set(format.DictionaryPageHeader{NumValues: int32(n), Encoding: format.Plain}) //nolint:gosec // see dictionaryBytes
	used(m, format.Plain)
	return p.page(pages, &header, format.Plain, nil, m)
}

// page appends a page with its header to pages and counts it in m.
func (p *pagePacker) page(pages []byte, header *format.PageHeader, e format.Encoding, levels []byte, m *format.ColumnMetaData) (_ []byte, err error) {
	if len(levels)+len(p.packed) > mostPage {
		return pages, errBigPage
	}
	p.small = p.coder.EncodeAll(p.packed, p.small[:0])
	sum := crc32.Update(crc32.ChecksumIEEE(levels), crc32.IEEETable, p.small)
	header.UncompressedPageSize = int32(len(levels) + len(p.packed)) //nolint:gosec // see mostPage
	header.CompressedPageSize = int32(len(levels) + len(p.small))    //nolint:gosec // see mostPage
	header.CRC = int32(sum)                                          //nolint:gosec // the bits count
	p.header.Reset()
	if err := thrift.NewEncoder(new(thrift.CompactProtocol).NewWriter(&p.header)).Encode(header); err != nil {
		return pages, err
	}
	m.TotalUncompressedSize += int64(p.header.Len()) + int64(header.UncompressedPageSize)
	m.TotalCompressedSize += int64(p.header.Len()) + int64(header.CompressedPageSize)
	countPage(m, header.Type, e)
	return append(append(append(pages, p.header.Bytes()...), levels...), p.small...), nil
}

// used notes the encodings of a page.
func used(m *format.ColumnMetaData, encodings ...format.Encoding) {
	for _, e := range encodings {
		if !slices.Contains(m.Encoding, e) {
			m.Encoding = append(m.Encoding, e)
		}
	}
}

// countPage counts a page.
func countPage(m *format.ColumnMetaData, kind format.PageType, e format.Encoding) {
	for i := range m.EncodingStats {
		if s := &m.EncodingStats[i]; s.PageType == kind && s.Encoding == e {
			s.Count++
			return
		}
	}
	m.EncodingStats = append(m.EncodingStats, format.PageEncodingStats{PageType: kind, Encoding: e, Count: 1})
}
