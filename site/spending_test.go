package site

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestTheExplorerShowsBudgetsAndTheirOutturn(t *testing.T) {
	v := bank(t)
	for _, path := range []string{"/spending", "/spending/1404", "/spending/1404?by=functional", "/spending/1404?measure=share", "/spending/1404?per=head", "/spending/1404?figures=exact", "/spending/1404/statistics", "/spending/1404/statistics/2",
		"/spending/1404/01?by=functional", "/spending/1404/22?by=economic", "/spending/budgets", "/spending/budgets/budget-of-statistics", "/spending/budgets/budget-of-statistics/lines", "/spending/outturn", "/spending/outturn?budget=budget-of-statistics", "/spending/calendar", "/spending/1404?budget=budget-of-statistics", "/agencies/statistics"} {
		for _, lang := range []string{"fa", "en"} {
			checkPage(t, v.portal, lang, path, false)
		}
		resp, body := v.get("/api/v1" + path)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d: %s", path, resp.StatusCode, body)
		}
	}
	var _ = json.Unmarshal
	var _ = strings.Cut
}
