package search

import "time"

// dateLayouts are the ways in which ISO 8601 dates and moments come.
var dateLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", time.DateOnly, "2006-01", "2006",
}

// parseDate returns the moment of an ISO 8601 date, in seconds since 1970.
func parseDate(s string) (int64, bool) {
	if len(s) < 4 || len(s) > 40 {
		return 0, false
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Unix(), true
		}
	}
	return 0, false
}
