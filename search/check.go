package search

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// check reads all of an index before Bleve does: its files are mapped into
// memory, where a damaged one ends the process instead of giving an error, and
// a wrong byte in a segment would never be noticed.
func check(path string, wait time.Duration) error {
	meta, err := os.Stat(filepath.Join(path, "index_meta.json"))
	if err != nil {
		return err
	}
	if meta.Size() == 0 {
		return errors.New("index_meta.json is empty")
	}
	store := filepath.Join(path, "store")
	segments, err := filepath.Glob(filepath.Join(store, "*"))
	if err != nil {
		return err
	}
	for _, s := range segments {
		if strings.HasSuffix(s, ".zap") {
			if err := checkSegment(s); err != nil {
				return fmt.Errorf("%s: %w", filepath.Base(s), err)
			}
		}
	}
	root := filepath.Join(store, "root.bolt")
	if err := checkRoot(root); err != nil {
		return fmt.Errorf("root.bolt: %w", err)
	}
	if err := walkRoot(root, wait); err != nil {
		return fmt.Errorf("root.bolt: %w", err)
	}
	return nil
}

// checkSegment compares a segment with the CRC-32 in its last four bytes.
func checkSegment(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < crc32.Size {
		return errors.New("the file is cut off")
	}
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, bufio.NewReaderSize(io.LimitReader(f, info.Size()-crc32.Size), 1<<18)); err != nil {
		return err
	}
	var want [crc32.Size]byte
	if _, err := f.ReadAt(want[:], info.Size()-crc32.Size); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(want[:]) != sum.Sum32() {
		return errors.New("the checksum is wrong")
	}
	return nil
}

// The head of a page of a bbolt file, and of one of its first two, which say
// how many pages there are (format version 2).
const (
	boltPageHead  = 16
	boltMagic     = 0xED0CDAED
	boltPageSize  = boltPageHead + 8
	boltPageCount = boltPageHead + 40
	boltMetaEnd   = boltPageHead + 64
)

// checkRoot reports whether a bbolt file is as long as it says: one that was
// cut off cannot be opened without ending the process.
func checkRoot(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var head [boltMetaEnd]byte
	if _, err := io.ReadFull(f, head[:]); err != nil {
		return errors.New("the file is cut off")
	}
	// Byte order is the machine's; an index is not carried between machines.
	if binary.NativeEndian.Uint32(head[boltPageHead:]) != boltMagic {
		return errors.New("it is no bbolt file")
	}
	pageSize := int64(binary.NativeEndian.Uint32(head[boltPageSize:]))
	if pageSize < 512 || pageSize > 1<<16 || info.Size() < 2*pageSize {
		return errors.New("the file is cut off")
	}
	pages := int64(binary.NativeEndian.Uint64(head[boltPageCount:]))
	if _, err := f.ReadAt(head[:], pageSize); err != nil {
		return err
	}
	pages = max(pages, int64(binary.NativeEndian.Uint64(head[boltPageCount:])))
	if pages < 0 || pages > info.Size()/pageSize {
		return fmt.Errorf("the file is cut off: it has %d bytes for %d pages of %d", info.Size(), pages, pageSize)
	}
	return nil
}

// walkRoot reads every key of a bbolt file, and looks for the segments that
// these name.
func walkRoot(path string, wait time.Duration) error { return walkBolt(path, filepath.Dir(path), wait) }

// walkBolt is walkRoot for a file whose segments lie in dir.
func walkBolt(path, dir string, wait time.Duration) error {
	return guarded(func() error {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: wait, PreLoadFreelist: true})
		if errors.Is(err, berrors.ErrTimeout) {
			return ErrInUse
		}
		if err != nil {
			return err
		}
		err = db.View(func(tx *bbolt.Tx) error {
			return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error { return walkBucket(b, dir, 0) })
		})
		return errors.Join(err, db.Close())
	})
}

// maxDepth is how deep buckets nest at most in an index.
const maxDepth = 8

func walkBucket(b *bbolt.Bucket, dir string, depth int) error {
	if depth > maxDepth {
		return errors.New("its buckets nest without end")
	}
	return b.ForEach(func(k, v []byte) error {
		if v == nil {
			if child := b.Bucket(k); child != nil {
				return walkBucket(child, dir, depth+1)
			}
			return nil
		}
		if name := string(v); strings.HasSuffix(name, ".zap") && len(name) < 64 {
			if _, err := os.Stat(filepath.Join(dir, filepath.Base(name))); err != nil {
				return fmt.Errorf("segment %s is missing", name)
			}
		}
		return nil
	})
}

// guarded runs what reads mapped files; a panic or a fault of the memory in it
// is an error.
func guarded(run func() error) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		debug.SetPanicOnFault(true)
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("damaged: %v", p)
			}
		}()
		err = run()
	}()
	<-done
	return err
}
