package datasets

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkImportCSV reads a table of eight columns of all types: the pass
// that infers and the one that makes typed batches.
func BenchmarkImportCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString("id,استان,name,amount,rate,day,moment,ok\n")
	const rows = 100_000
	for i := range rows {
		fmt.Fprintf(&text, "%d,خراسان رضوی,\"Name, %d\",%d,%d.%02d,2026-%02d-%02d,2026-11-22T10:20:%02d,%t\n",
			i, i, i*7919, i%1000, i%100, i%12+1, i%28+1, i%60, i%2 == 0)
	}
	file := text.String()
	for _, pass := range []string{"records", "infer", "table"} {
		b.Run(pass, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				sheets, err := Open(b.Context(), strings.NewReader(file), int64(len(file)), "x.csv", Options{})
				if err != nil {
					b.Fatal(err)
				}
				s := sheets[0]
				if pass == "records" {
					for _, err := range s.Records(b.Context()) {
						if err != nil {
							b.Fatal(err)
						}
					}
					continue
				}
				schema, err := s.Infer(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				if pass == "infer" {
					continue
				}
				for _, err := range s.Table(schema).Scan(0, -1) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
