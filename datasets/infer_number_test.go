package datasets

import (
	"strings"
	"testing"
)

// A number that could be read in two ways is read as the whole column shows,
// or else the file, and the profile tells of it.
func TestNumbersOfTwoReadings(t *testing.T) {
	for _, c := range []struct{ name, text, want, told string }{
		{"without a comma beside it", "a;b\n1,234;x\n18010;y\n", "integer", "1,234 1234 1.234 by column"},
		{"a zero that decimals would not have", "a;b\n1,250;x\n12;y\n", "integer", "1,250 1250 1.250 by column"},
		{"negative ones", "a;b\n-1,234;x\n-18010;y\n", "integer", "-1,234 -1234 -1.234 by column"},
		{"nothing shows", "a;b\n1,234;x\n12;y\n", "text", "1,234 1234 1.234 by "},
		{"zeros that may all be decimals", "a;b\n1,250;x\n5,500;y\n", "text", "1,250 1250 1.250 by "},
		{"between commas", "a,b\n\"1,234\",x\n\"5,678\",y\n", "integer", "1,234 1234 1.234 by file"},
		{"another column has decimal commas", "a;b\n1,234;1,5\n18010;2,25\n", "decimal 3", "1,234 1.234 1234 by file"},
		{"another column has decimal points", "a;b\n1,234;1.5\n5,678;2.25\n", "integer", "1,234 1234 1.234 by file"},
		{"two groups", "a;b\n1,234;x\n1,234,567;y\n18010;z\n", "integer", ""},
		{"a zero before the comma", "a;b\n0,234;x\n1,234;y\n18010;z\n", "decimal 3", ""},
		{"points and whole numbers", "a;b\n1.234;x\n18010;y\n", "decimal 3", "1.234 1.234 1234 by column"},
		{"points in a file of decimal commas", "a;b\n1.234;1,5\n18010;2,25\n", "integer", "1.234 1234 1.234 by file"},
		{"Persian ones leave no doubt", "a;b\n۱٬۲۳۴;x\n18010;y\n1,500;z\n", "integer", ""},
		{"only digits", "a;b\n1234;x\n18010;y\n-5;z\n", "integer", ""},
		{"degrees with three decimals", "lat,b\n35.611,x\n-35.720,y\n", "decimal 3", "35.611 35.611 35611 by heading"},
		{"degrees with decimal commas", "طول جغرافیایی;b\n51,337;x\n51,400;y\n", "decimal 3", "51,337 51.337 51337 by heading"},
		{"degrees between commas", "عرض جغرافیایی,b\n\"35,611\",x\n", "decimal 3", "35,611 35.611 35611 by heading"},
		{"degrees in Persian digits", "Latitude;b\n۳۵.۶۱۱;x\n۳۶.۷۲۰;y\n", "decimal 3", "35.611 35.611 35611 by heading"},
		{"degrees among decimal commas", "longitude;b\n51.337;1,5\n52.337;2,25\n", "decimal 3", "51.337 51.337 51337 by heading"},
		{"at the edge of the earth", "x;b\n180.000;a\n-180.000;b\n", "decimal 3", "180.000 180.000 180000 by heading"},
		{"beyond it", "x;b\n180.000;a\n180.001;b\n", "text", "180.000 180.000 180000 by "},
		{"no latitude", "lat;b\n90.001;a\n35.611;b\n", "text", "90.001 90.001 90001 by "},
		{"x in a file of thousands", "x,b\n\"1,234\",a\n\"5,678\",b\n", "integer", "1,234 1234 1.234 by file"},
		{"a position as a whole", "lat_lon;b\n35.611;a\n51.337;b\n", "text", "35.611 35.611 35611 by "},
		{"codes", "code;b\n1,234;x\n2,345;y\n", "text", "1,234 1234 1.234 by "},
	} {
		t.Run(c.name, func(t *testing.T) {
			im := importText(t, openFiles(t), c.text, ImportOptions{})
			table := &im.Tables[0]
			told := ""
			if r := table.Profile[0].Reading; r != nil {
				told = r.Written + " " + strings.Join(r.Values, " ") + " by " + r.By
			}
			if got := describe(&table.Schema[0]); !strings.HasPrefix(got, c.want) || told != c.told {
				t.Errorf("is %s, told %q; want %s, %q", got, told, c.want, c.told)
			}
		})
	}
}
