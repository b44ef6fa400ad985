package lawtext

import "testing"

func BenchmarkSplit(b *testing.B) {
	text := string(realFile(b, "fa-ar-texts/fa-laws/omoor_hasabi.txt"))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if l := Split(text); l.Articles() != 378 {
			b.Fatal(l.Articles())
		}
	}
}
