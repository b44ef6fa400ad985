package desk

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// pathFlags is where operators set by what numbers contracts get red flags.
const pathFlags = pathSettings + "/flags"

// limitFields are the limits by the names of their fields.
func limitFields(l *ocds.Limits, days *int64) map[string]*int64 {
	*days = int64(l.TenderDays)
	return map[string]*int64{
		"flag_days": days, "flag_over": &l.OverAward, "flag_direct": &l.DirectShare, "flag_supplier": &l.SupplierShare, "flag_processes": &l.Processes, "flag_near": &l.Near,
	}
}

// limitNames is their order.
var limitNames = []string{"flag_days", "flag_over", "flag_direct", "flag_supplier", "flag_processes", "flag_near"}

// flagsPage is the form of the limits. Thresholds are written a line a currency,
// in whole units.
func (d *Desk) flagsPage(r *site.Request) (*formView, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, fiber.ErrNotFound
	}
	l, err := contracts.New(d.Store).Limits(r.Context())
	if err != nil && !isRefusal(err) { // a setting that is none can be written anew
		return nil, err
	}
	v := &formView{page: page{frame(r, "desk.flags.title")}, Lead: r.Text("desk.flags.lead")}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.settings.title"), URL: "/" + r.Lang + pathSettings})
	if r.Query.Has("saved") {
		v.Note = r.Text("desk.flags.saved")
	}
	v.Form = form{Submit: "desk.settings.submit"}
	var days int64
	fields := limitFields(&l, &days)
	for _, name := range limitNames {
		v.Form.Fields = append(v.Form.Fields, field{Name: name, Kind: "text", Short: true, Value: r.Digits(strconv.FormatInt(*fields[name], 10))})
	}
	var lines []string
	for _, currency := range slices.Sorted(maps.Keys(l.Thresholds)) {
		whole := l.Thresholds[currency]
		for range ocds.Scale(currency) {
			whole /= 10
		}
		lines = append(lines, currency+", "+r.Digits(strconv.FormatInt(whole, 10)))
	}
	v.Form.Fields = append(v.Form.Fields, field{Name: "flag_thresholds", Kind: "textarea", Short: true, Optional: true, Value: strings.Join(lines, "\n")})
	return v, nil
}

func (d *Desk) flags(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.flagsPage(r)
	if err == nil {
		v.Form.takeAgain(r)
	}
	return v, err
}

// doFlags stores the limits.
func (d *Desk) doFlags(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.flagsPage(r)
	if err != nil {
		return nil, err
	}
	if err := d.freshForm(r, pathFlags); err != nil {
		return nil, err
	}
	v.Form.take(r)
	const most = 3650
	var l ocds.Limits
	var days int64
	for name, into := range limitFields(&l, &days) {
		n, err := strconv.ParseInt(persian.ASCIIDigits(v.Form.typed(name)), 10, 64)
		if err != nil || n < 0 || n > most || name == "flag_processes" && n == 0 {
			v.Form.wrong(name, r.Text("desk.flags.wrong"))
		}
		*into = n
	}
	l.TenderDays = int(days)
	var bad int
	if l.Thresholds, bad = typedThresholds(v.Form.typed("flag_thresholds")); bad > 0 {
		v.Form.wrong("flag_thresholds", r.Text("desk.flags.thresholds.wrong", "n", bad))
	}
	if len(v.Form.Faults) > 0 {
		return stay(v, &v.Form, nil)
	}
	if err := d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return contracts.PutLimits(tx, &r.Actor, l) }); err != nil {
		return nil, err
	}
	return nil, moved(r, pathFlags+"?saved=1")
}

// typedThresholds reads lines of a currency and an amount in whole units; bad is
// the first line that is none.
func typedThresholds(text string) (all map[string]int64, bad int) {
	const most = 1 << 62
	all = map[string]int64{}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		currency, amount, _ := strings.Cut(strings.NewReplacer("،", ",", "؛", ",", ";", ",", "\t", ",").Replace(line), ",")
		n, err := strconv.ParseInt(strings.NewReplacer("٬", "", " ", "", ",", "").Replace(persian.ASCIIDigits(amount)), 10, 64)
		currency = strings.ToUpper(strings.TrimSpace(currency))
		if err != nil || n <= 0 || !isCurrency(currency) {
			return nil, i + 1
		}
		for range ocds.Scale(currency) {
			if n > most/10 {
				return nil, i + 1
			}
			n *= 10
		}
		all[currency] = n
	}
	return all, 0
}
