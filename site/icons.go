package site

import "html/template"

// icons are drawn on a grid of 24 with strokes; arrows that follow the reading
// direction are none of them.
var icons = map[string]string{
	"calendar":   `<path d="M4 6h16v14H4zM4 10.500h16M8.500 3v5M15.500 3v5"/>`,
	"chart":      `<path d="M4 4h16v16H4zM4 13h9M13 4v16"/>`,
	"search":     `<circle cx="11" cy="11" r="6.5"/><path d="M16 16l5 5"/>`,
	"building":   `<path d="M3 21h18M5 21V9M19 21V9M9.500 21v-9M14.500 21v-9M3 9h18L12 3z"/>`,
	"download":   `<path d="M12 4v11M7 10.500l5 5 5-5M4 20h16"/>`,
	"table":      `<path d="M3.500 5h17v14h-17zM3.500 10h17M3.500 14.500h17M9.500 10v9"/>`,
	"refresh":    `<path d="M20 12a8 8 0 1 1-2.300-5.700M20 3v4.500h-4.500"/>`,
	"code":       `<path d="M8 7l-5 5 5 5M16 7l5 5-5 5M13.500 5l-3 14"/>`,
	"close":      `<path d="M6 6l12 12M18 6L6 18"/>`,
	"out":        `<path d="M14 4h6v6M20 4l-9 9M18 13.500V20H4V6h6.500"/>`,
	"feed":       `<path d="M5 5a14 14 0 0 1 14 14M5 11a8 8 0 0 1 8 8"/><circle cx="6" cy="18" r="1"/>`,
	"paper":      `<path d="M6 3h8.500L19 7.500V21H6zM14 3.500V8h4.500M9.500 12.500h6M9.500 16.500h6"/>`,
	"checks":     `<path d="M4 6.500l2 2 3.500-4M4 15.500l2 2 3.500-4M13 7.500h7.500M13 16.500h7.500"/>`,
	"ascending":  `<path d="M12 20V5M6 11l6-6 6 6"/>`,
	"descending": `<path d="M12 4v15M6 13l6 6 6-6"/>`,
}

// icon draws the named icon beside a text that says the same.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" ` + //nolint:gosec // text of ours
		`stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">` + icons[name] + `</svg>`)
}
