package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"

	"github.com/paulmach/orb/encoding/wkb"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// HasShapes reports whether rows of the table have lines or areas.
func (r *RowFile) HasShapes() bool { return r.shapes > 0 }

// Shapes yields the shapes of the rows that have one, in the order of the
// rows. None for row files of releases that did not keep them.
func (r *RowFile) Shapes(ctx context.Context) iter.Seq2[Shape, error] {
	return func(yield func(Shape, error) bool) {
		if r.shapes == 0 {
			return
		}
		err := r.use(ctx, func(conn *sqlite.Conn) error {
			return eachShape(conn, func(row int64, bytes []byte) (bool, error) {
				g, err := wkb.Unmarshal(bytes)
				if err != nil {
					return false, fmt.Errorf("%w: the shape of row %d: %w", ErrDamaged, row, err)
				}
				return yield(Shape{row, g}, nil), nil
			})
		})
		if err != nil {
			yield(Shape{}, fmt.Errorf("datasets: shapes of a table: %w", err))
		}
	}
}

// tableShapes is Table.Shapes of the row file.
func (r *RowFile) tableShapes() func(context.Context) iter.Seq2[Shape, error] {
	if r.shapes == 0 {
		return nil
	}
	return r.Shapes
}

// eachShape calls do for each shape as it is kept, until it says false.
func eachShape(conn *sqlite.Conn, do func(row int64, bytes []byte) (bool, error)) error {
	stmt, _, err := conn.PrepareTransient("SELECT n, wkb FROM shapes ORDER BY n")
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Finalize() }() // its errors are those of Step
	var buf []byte
	for {
		more, err := stmt.Step()
		if err != nil || !more {
			return err
		}
		n := stmt.ColumnLen(1)
		if cap(buf) < n {
			buf = make([]byte, n)
		}
		buf = buf[:stmt.ColumnBytes(1, buf[:n])]
		if more, err = do(stmt.ColumnInt64(0), buf); err != nil || !more {
			return err
		}
	}
}

// putShapes keeps the shapes of the table and mixes them into its digest.
func (l *loader) putShapes(ctx context.Context, shapes func(context.Context) iter.Seq2[Shape, error]) error {
	if shapes == nil {
		return nil
	}
	if err := sqlitex.ExecuteTransient(l.conn, "CREATE TABLE shapes(n INTEGER PRIMARY KEY, wkb BLOB NOT NULL) STRICT", nil); err != nil {
		return err
	}
	insert, _, err := l.conn.PrepareTransient("INSERT INTO shapes VALUES (?, ?)")
	if err != nil {
		return err
	}
	defer func() { _ = insert.Finalize() }() // its errors are those of run
	n, last := 0, int64(-1)
	for shape, err := range shapes(ctx) {
		if err != nil {
			return err
		}
		if shape.Row <= last || shape.Row >= l.rows {
			return fmt.Errorf("the shape of row %d came after that of row %d of %d", shape.Row, last, l.rows)
		}
		bytes, err := wkb.Marshal(shape.Geometry, binary.LittleEndian)
		if err != nil {
			return err
		}
		insert.BindInt64(1, shape.Row)
		insert.BindBytes(2, bytes)
		if err := run(insert); err != nil {
			return err
		}
		l.digest.shape(shape.Row, bytes)
		n, last = n+1, shape.Row
	}
	return sqlitex.ExecuteTransient(l.conn, "INSERT INTO meta VALUES (?, ?)",
		&sqlitex.ExecOptions{Args: []any{metaShapes, strconv.Itoa(n)}})
}

// verifyShapes hashes the shapes that are kept.
func (r *RowFile) verifyShapes(ctx context.Context, d *tableDigest) error {
	if r.shapes == 0 {
		return nil
	}
	n := 0
	err := r.use(ctx, func(conn *sqlite.Conn) error {
		return eachShape(conn, func(row int64, bytes []byte) (bool, error) {
			n++
			d.shape(row, bytes)
			return true, nil
		})
	})
	if err == nil && n != r.shapes {
		err = fmt.Errorf("%w: it has %d shapes where %d were kept", ErrDamaged, n, r.shapes)
	}
	return err
}

// digestHeadShapes begins what is hashed of a table with shapes: behind it
// stand, in bytes, the digest of the table without them and the SHA-256 of the
// shapes: of each its row and its WKB, as a number and a string.
const digestHeadShapes = "shafaf table with shapes 1\n"

// shape takes in a shape. Every shape follows the one before.
func (d *tableDigest) shape(row int64, bytes []byte) {
	if d.shapes == nil {
		d.shapes = sha256.New()
	}
	b := binary.AppendUvarint(nil, uint64(row))
	b = binary.AppendUvarint(b, uint64(len(bytes)))
	_, _ = d.shapes.Write(append(b, bytes...)) // a hash never fails
}

// withShapes returns the digest of a table, given that of its rows.
func (d *tableDigest) withShapes(rows []byte) string {
	if d.shapes == nil {
		return hex.EncodeToString(rows)
	}
	sum := sha256.New()
	_, _ = sum.Write([]byte(digestHeadShapes)) // a hash never fails
	_, _ = sum.Write(rows)
	_, _ = sum.Write(d.shapes.Sum(nil))
	return hex.EncodeToString(sum.Sum(nil))
}
