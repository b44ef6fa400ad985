package datasets

import "context"

// maxArena is from how many bytes of text on a batch is passed on before it
// has all its rows.
const maxArena = 8 << 20

// ahead is how many batches are parsed while one is in use.
const ahead = 2

// A parsed is a batch that a builder has made, or the error after the last one.
type parsed struct {
	by    *builder
	batch *Batch
	err   error
}

// scan reads the file in a goroutine of its own, some batches ahead of who uses
// them. With a proof all rows are shown to it.
func (s *Sheet) scan(schema Schema, from, to int64, proof *guessed, yield func(*Batch, error) bool) {
	ctx, cancel := context.WithCancel(context.Background())
	p := &producer{sheet: s, proof: proof, from: from, to: to, done: ctx.Done(), free: make(chan *builder, ahead+1), out: make(chan parsed, ahead)}
	formats := s.formats(schema)
	for range ahead + 1 {
		p.free <- newBuilder(schema, formats, s.width)
	}
	p.beside.run(func() { p.run(ctx) })
	defer p.beside.wait()
	defer cancel()
	for next := range p.out {
		if !yield(next.batch, next.err) || next.err != nil {
			return
		}
		p.free <- next.by
	}
}

// A producer makes batches of the rows of a sheet.
type producer struct {
	sheet    *Sheet
	proof    *guessed // nil where there is nothing to be proved
	from, to int64
	done     <-chan struct{}
	free     chan *builder
	out      chan parsed
	beside   beside
}

func (p *producer) run(ctx context.Context) {
	defer close(p.out)
	if p.proof != nil {
		defer p.proof.in.guessing.wait()
	}
	b := p.builder()
	row := int64(0)
	for rec, err := range p.sheet.Records(ctx) {
		if err != nil {
			p.pass(parsed{err: err})
			return
		}
		if row++; row <= p.from {
			continue
		}
		if p.to >= 0 && row > p.to {
			break
		}
		if p.proof != nil && !p.proof.add(rec) {
			p.pass(parsed{err: errOtherwise})
			return
		}
		b.add(rec)
		if b.n == BatchRows || len(b.arena) > maxArena {
			if !p.pass(parsed{by: b, batch: b.batch(row - int64(b.n))}) {
				return
			}
			if b = p.builder(); b == nil {
				return
			}
		}
		if p.to >= 0 && row == p.to {
			break
		}
	}
	p.end(b, row)
}

// end passes on the last rows.
func (p *producer) end(b *builder, row int64) {
	if p.proof != nil && !p.proof.end() {
		p.pass(parsed{err: errOtherwise})
		return
	}
	if b.n > 0 {
		p.pass(parsed{by: b, batch: b.batch(max(row, int64(b.n)) - int64(b.n))})
	}
}

// builder returns an empty builder, nil when the scan has ended.
func (p *producer) builder() *builder {
	select {
	case b := <-p.free:
		b.reset()
		return b
	case <-p.done:
		return nil
	}
}

func (p *producer) pass(next parsed) bool {
	select {
	case p.out <- next:
		return true
	case <-p.done:
		return false
	}
}
