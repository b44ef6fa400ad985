package datasets

import "testing"

func TestHeadingsOfCoordinates(t *testing.T) {
	for heading, want := range map[string]Axis{
		"lat": Latitude, "Latitude (WGS84)": Latitude, "stop_lat": Latitude, "عرض جغرافیایی": Latitude, "عرض‌جغرافيايي ایستگاه": Latitude, "Y": Latitude,
		"lon": Longitude, "lng": Longitude, "geo.longitude": Longitude, "long": Longitude, "stop_long": Longitude, "طول جغرافیایی": Longitude, "x": Longitude,
		"": NoAxis, "lat/lon": NoAxis, "lat_lon": NoAxis, "long name": NoAxis, "platform": NoAxis, "salon": NoAxis, "طول راه": NoAxis, "عرض": NoAxis, "xy": NoAxis,
	} {
		if got := AxisOf(heading); got != want {
			t.Errorf("%q is %d, not %d", heading, got, want)
		}
	}
}
