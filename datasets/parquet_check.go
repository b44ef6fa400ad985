package datasets

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	meta "github.com/parquet-go/parquet-go/format"
)

// What a Parquet file may be, before any page of it is read.
const (
	maxFooter     = 64 << 20  // bytes
	maxPage       = 256 << 20 // bytes, unpacked
	maxPageValues = 16 << 20
	maxPages      = 512 << 20 // bytes of the largest pages of all columns, which are held at once
	maxPageHead   = 1 << 20   // bytes
)

// codecs are the names of the ways of packing; those that are not read have
// false.
var codecs = map[meta.CompressionCodec]struct {
	name string
	read bool
}{
	meta.Uncompressed: {"none", true}, meta.Snappy: {"Snappy", true}, meta.Gzip: {"gzip", true}, meta.Brotli: {"Brotli", true},
	meta.Zstd: {"Zstandard", true}, meta.Lz4Raw: {"LZ4", true}, 3: {"LZO", false}, 5: {"LZ4 as Hadoop frames it", false},
}

// A parquetCheck looks whether a file can be read with bounded memory.
type parquetCheck struct {
	f    io.ReaderAt
	size int64
	name string
	says meta.FileMetaData
	buf  []byte
}

func (p *parquetCheck) broken(format string, args ...any) error {
	return fileError(p.name, 0, "parquet.broken", fmt.Sprintf(format, args...))
}

// footer reads what the file says of itself.
func (p *parquetCheck) footer() error {
	var tail [8]byte
	if p.size < 12 {
		return p.broken("it has only %d bytes", p.size)
	}
	if _, err := p.f.ReadAt(tail[:], p.size-8); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("datasets: read %s: %w", p.name, err)
	}
	switch length := int64(binary.LittleEndian.Uint32(tail[:])); {
	case string(tail[4:]) == "PARE":
		return p.encrypted()
	case string(tail[4:]) != "PAR1":
		return p.broken("its end is missing")
	case length > p.size-12 || length > maxFooter:
		return p.broken("it says that its description has %s", byteSize(length))
	default:
		p.buf = make([]byte, length)
	}
	if _, err := p.f.ReadAt(p.buf, p.size-8-int64(len(p.buf))); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("datasets: read %s: %w", p.name, err)
	}
	scan := compactScan{b: p.buf}
	if err := scan.skip(compactStruct); err != nil {
		return p.broken("its description cannot be read, %v", err)
	}
	if len(p.buf)-scan.at == 28 { // a signature
		return p.encrypted()
	}
	if err := thrift.Unmarshal(&thrift.CompactProtocol{}, p.buf[:scan.at], &p.says); err != nil {
		return p.broken("its description cannot be read, %v", err)
	}
	return nil
}

func (p *parquetCheck) encrypted() error {
	return fileError(p.name, 0, "parquet.locked")
}

// chunks looks at the columns of all row groups.
func (p *parquetCheck) chunks(ctx context.Context, leaves int) error {
	if p.says.EncryptionAlgorithm.Value != nil {
		return p.encrypted()
	}
	for i := range p.says.RowGroups {
		g := &p.says.RowGroups[i]
		if len(g.Columns) != leaves || g.NumRows < 0 {
			return p.broken("row group %d has %d columns of %d", i+1, len(g.Columns), leaves)
		}
		held := int64(0)
		for j := range g.Columns {
			if err := p.chunk(&g.Columns[j], p.says.RowGroups[0].Columns[j].MetaData.Codec); err != nil {
				return err
			}
			largest, err := p.pages(ctx, &g.Columns[j].MetaData)
			if err != nil {
				return err
			}
			if held += largest; held > maxPages {
				return fileError(p.name, 0, "parquet.group", i+1, Bytes(maxPages))
			}
		}
	}
	return nil
}

// chunk looks at how a column is kept in a row group.
func (p *parquetCheck) chunk(c *meta.ColumnChunk, first meta.CompressionCodec) error {
	codec, known := codecs[c.MetaData.Codec]
	switch {
	case c.CryptoMetadata.Value != nil || len(c.EncryptedColumnMetadata) > 0:
		return p.encrypted()
	case c.FilePath != "":
		return fileError(p.name, 0, "parquet.apart")
	case !known:
		return fileError(p.name, 0, "parquet.codec", c.MetaData.Codec)
	case !codec.read:
		return fileError(p.name, 0, "parquet.method", codec.name)
	case c.MetaData.Codec != first:
		return fileError(p.name, 0, "parquet.codecs")
	}
	return nil
}

// pages walks over the heads of the pages of a column in a row group. It
// returns the bytes that reading them holds at most.
func (p *parquetCheck) pages(ctx context.Context, m *meta.ColumnMetaData) (largest int64, err error) {
	at := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		at = m.DictionaryPageOffset
	}
	if at < 0 || m.TotalCompressedSize < 0 || at > p.size || m.TotalCompressedSize > p.size-at {
		return 0, p.broken("a column stands outside of it")
	}
	dictionary := int64(0)
	for end := at + m.TotalCompressedSize; at < end; {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		h, err := p.pageHead(at, end)
		if err != nil {
			return 0, err
		}
		at += int64(h.size) + h.packed
		if h.packed < 0 || h.unpacked < 0 || at > end || h.values < 0 {
			return 0, p.broken("a page is larger than its column")
		}
		if h.unpacked > maxPage || h.values > maxPageValues {
			return 0, fileError(p.name, 0, "parquet.page", Bytes(h.unpacked), h.values)
		}
		held := h.packed + h.unpacked + 6*h.values // levels, and where texts begin
		if h.dictionary {
			dictionary = max(dictionary, held)
		} else {
			largest = max(largest, held)
		}
	}
	return largest + dictionary, nil
}

// pageHead reads the head of a page, which stands before end.
func (p *parquetCheck) pageHead(at, end int64) (pageHead, error) {
	for n := int64(1 << 10); ; n *= 32 {
		b := p.buf[:0]
		if n = min(n, end-at); n > int64(cap(b)) {
			p.buf = make([]byte, n)
		}
		b = p.buf[:n]
		if _, err := p.f.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return pageHead{}, fmt.Errorf("datasets: read %s: %w", p.name, err)
		}
		h, err := readPageHead(b)
		if errors.Is(err, errCompactShort) && n < end-at && n < maxPageHead {
			continue
		}
		if err != nil {
			return pageHead{}, p.broken("the head of a page cannot be read, %v", err)
		}
		return h, nil
	}
}
