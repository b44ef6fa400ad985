package samples

// A licence as sources name it.
type licence struct {
	id    string // of CKAN's list
	title string
	url   string // empty when the source has nothing but words
}

func ccBy() licence {
	return licence{"CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"}
}

func ccZero() licence {
	return licence{"CC0-1.0", "CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"}
}

func odcBy() licence {
	return licence{"ODC-BY-1.0", "Open Data Commons Attribution License 1.0", "https://opendatacommons.org/licenses/by/1-0/"}
}

func odbl() licence {
	return licence{"ODbL-1.0", "Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"}
}

// inWords is the licence of an agency that has not chosen one with an address.
func inWords() licence {
	return licence{"notspecified", "استفادهٔ آزاد با ذکر نام دستگاه", ""}
}
