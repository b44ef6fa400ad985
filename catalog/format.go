package catalog

import (
	"net/url"
	"path"
	"strings"
)

// formats are the names under which formats are shown, by what sources call
// them: names, media types and file extensions in lower case.
var formats = map[string]string{
	"csv": "CSV", "text/csv": "CSV", "application/csv": "CSV", "text/comma-separated-values": "CSV", "comma separated values": "CSV",
	"csv file": "CSV", ".csv": "CSV",
	"tsv": "TSV", "tab": "TSV", "text/tab-separated-values": "TSV", "text/tsv": "TSV",
	"xlsx": "XLSX", "xlsw": "XLSX", "xlsm": "XLSX", "excel (xlsx)": "XLSX",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX", "microsoft excel (openxml)": "XLSX",
	"xls": "XLS", "excel": "XLS", "excel file": "XLS", "ms excel": "XLS", "microsoft excel": "XLS",
	"application/vnd.ms-excel": "XLS", "application/msexcel": "XLS", "application/excel": "XLS", "application/x-msexcel": "XLS",
	"ods": "ODS", "application/vnd.oasis.opendocument.spreadsheet": "ODS",
	"parquet": "PARQUET", "application/vnd.apache.parquet": "PARQUET",
	"json": "JSON", "application/json": "JSON", "text/json": "JSON",
	"jsonl": "JSONL", "ndjson": "JSONL", "application/x-ndjson": "JSONL", "application/jsonl": "JSONL",
	"json-ld": "JSON-LD", "jsonld": "JSON-LD", "application/ld+json": "JSON-LD",
	"geojson": "GEOJSON", "application/geo+json": "GEOJSON", "application/vnd.geo+json": "GEOJSON",
	"topojson": "TOPOJSON", "application/topo+json": "TOPOJSON",
	"xml": "XML", "application/xml": "XML", "text/xml": "XML",
	"rdf": "RDF", "rdf/xml": "RDF", "rdf_xml": "RDF", "application/rdf+xml": "RDF", "ttl": "TTL", "turtle": "TTL", "text/turtle": "TTL",
	"n3": "N3", "text/n3": "N3", "nt": "N-TRIPLES", "application/n-triples": "N-TRIPLES",
	"html": "HTML", "htm": "HTML", "text/html": "HTML", "web page": "HTML", "webpage": "HTML", "website": "HTML", "web site": "HTML",
	"link": "HTML", "url": "HTML", "www": "HTML", "www:link-1.0-http--link": "HTML", "xhtml": "HTML", "application/xhtml+xml": "HTML",
	"php": "HTML", "asp": "HTML", "aspx": "HTML", "hyperlink": "HTML", "website link": "HTML",
	"pdf": "PDF", "application/pdf": "PDF", "pdf file": "PDF",
	"doc": "DOC", "application/msword": "DOC", "word": "DOC", "docx": "DOCX",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
	"odt": "ODT", "application/vnd.oasis.opendocument.text": "ODT", "rtf": "RTF", "application/rtf": "RTF", "text/rtf": "RTF",
	"ppt": "PPT", "application/vnd.ms-powerpoint": "PPT", "pptx": "PPTX",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
	"txt": "TXT", "text": "TXT", "text/plain": "TXT", "plain text": "TXT", "md": "MARKDOWN", "text/markdown": "MARKDOWN",
	"zip": "ZIP", "application/zip": "ZIP", "application/x-zip-compressed": "ZIP", "application/x-zip": "ZIP", "zipped files": "ZIP",
	"zipped csv": "ZIP", "zipped shapefile": "SHP", "gz": "GZIP", "gzip": "GZIP", "application/gzip": "GZIP", "application/x-gzip": "GZIP",
	"tar": "TAR", "application/x-tar": "TAR", "7z": "7Z", "application/x-7z-compressed": "7Z", "rar": "RAR",
	"application/x-rar-compressed": "RAR", "application/vnd.rar": "RAR",
	"shp": "SHP", "shapefile": "SHP", "esri shapefile": "SHP", "shapefiles": "SHP", "shape": "SHP", "arcgis shapefile": "SHP",
	"kml": "KML", "application/vnd.google-earth.kml+xml": "KML", "kmz": "KMZ", "application/vnd.google-earth.kmz": "KMZ",
	"gml": "GML", "application/gml+xml": "GML", "gpx": "GPX", "application/gpx+xml": "GPX",
	"gpkg": "GPKG", "geopackage": "GPKG", "application/geopackage+sqlite3": "GPKG", "gdb": "FILEGDB", "filegdb": "FILEGDB",
	"file geodatabase": "FILEGDB", "dwg": "DWG", "dxf": "DXF", "tab (mapinfo)": "MAPINFO", "mapinfo": "MAPINFO",
	"wms": "WMS", "ogc wms": "WMS", "ogc:wms": "WMS", "wms_srvc": "WMS", "wfs": "WFS", "ogc wfs": "WFS", "ogc:wfs": "WFS",
	"wfs_srvc": "WFS", "wmts": "WMTS", "wcs": "WCS", "csw": "CSW",
	"api": "API", "rest": "API", "rest api": "API", "esri rest": "API", "arcgis geoservices rest api": "API", "arcgis geoservice": "API",
	"ags": "API", "arcgis online map": "API", "soap": "API", "odata": "API", "web service": "API", "webservice": "API", "openapi": "API",
	"sparql": "SPARQL", "application/sparql-query": "SPARQL", "sqlite": "SQLITE", "application/vnd.sqlite3": "SQLITE",
	"application/x-sqlite3": "SQLITE", "mdb": "MDB", "accdb": "MDB", "application/msaccess": "MDB", "dbf": "DBF",
	"jpg": "JPEG", "jpeg": "JPEG", "image/jpeg": "JPEG", "png": "PNG", "image/png": "PNG", "gif": "GIF", "image/gif": "GIF",
	"tif": "TIFF", "tiff": "TIFF", "geotiff": "GEOTIFF", "image/tiff": "TIFF", "svg": "SVG", "image/svg+xml": "SVG", "jp2": "JP2",
	"mp3": "MP3", "audio/mpeg": "MP3", "mp4": "MP4", "video/mp4": "MP4", "mpg": "MPEG", "mpeg": "MPEG", "video": "VIDEO",
	"rss": "RSS", "application/rss+xml": "RSS", "atom": "ATOM", "application/atom+xml": "ATOM", "ics": "ICS", "text/calendar": "ICS",
	"nc": "NETCDF", "netcdf": "NETCDF", "application/netcdf": "NETCDF", "application/x-netcdf": "NETCDF", "cdf": "CDF", "hdf": "HDF",
	"hdf5": "HDF", "h5": "HDF", "application/x-hdf": "HDF", "grib": "GRIB",
	"sav": "SPSS", "spss": "SPSS", "application/spss": "SPSS", "zipped spss": "ZIP", "zipped sas": "ZIP", "zipped stata": "ZIP",
	"sas": "SAS", "dta": "STATA", "stata": "STATA", "application/x-stata": "STATA", "arff": "ARFF", "text/arff": "ARFF",
	"yaml": "YAML", "yml": "YAML", "las": "LAS", "laz": "LAS",
}

// noFormat are what sources write where they know none.
var noFormat = map[string]bool{
	"undefined": true, "unknown": true, "other": true, "none": true, "n/a": true, "na": true, "null": true, "data": true, "file": true,
	"various": true, "multiple": true, "application/octet-stream": true, "binary/octet-stream": true, "octet-stream": true, "bin": true,
	"application/unknown": true, "application/x-unknown": true, "tbd": true, "-": true, "?": true, "dataset": true, "unspecified": true,
}

// maxFormat is the length in bytes of what may pass for a format nobody knows.
const maxFormat = 20

// FormatOf returns the format of a resource in upper case as people say it
// (CSV, XLSX, GEOJSON, API), from the format and the media type that its source
// gives, each also as an address of a code list, and its address. It is empty
// when nothing tells.
func FormatOf(format, mediaType, address string) string {
	format, mediaType = normalFormat(format), normalFormat(mediaType)
	ext := extension(address)
	if f := formats[format]; f != "" {
		if f == "XLS" && (formats[mediaType] == "XLSX" || ext == "xlsx") {
			return "XLSX" // both are called Excel
		}
		return f
	}
	for _, s := range []string{mediaType, ext} {
		if f := formats[s]; f != "" {
			return f
		}
	}
	if format == "" || noFormat[format] || len(format) > maxFormat || strings.ContainsAny(format, "/:;<>\n") {
		return ""
	}
	return strings.ToUpper(format)
}

// normalFormat brings a format or media type into the form of the table: lower
// case, without parameters, the last part of an address of a code list.
func normalFormat(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s, _, _ = strings.Cut(s, ";")
	if _, iana, ok := strings.Cut(s, "iana.org/assignments/media-types/"); ok {
		return strings.Trim(iana, "/ ")
	}
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
		s = strings.TrimRight(s, "/#")
		s = s[strings.LastIndexAny(s, "/#")+1:]
	}
	return strings.TrimPrefix(strings.Join(strings.Fields(s), " "), ".")
}

// extension returns the extension of the file that an address names, in lower
// case without the dot.
func extension(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(path.Ext(u.Path), "."))
}

// fetchable are the formats whose files are fetched and read as tables.
var fetchable = map[string]bool{
	"CSV": true, "TSV": true, "XLSX": true, "XLS": true, "ODS": true, "PARQUET": true,
	"JSON": true, "JSONL": true, "GEOJSON": true, "ZIP": true,
}

// Fetchable reports whether the file of a resource is worth fetching: when its
// format, or the extension of its address or name, is one that is read here.
func Fetchable(r *Resource) bool {
	if fetchable[r.Format] {
		return true
	}
	if f := formats[extension(r.DownloadURL)]; fetchable[f] {
		return r.Format == "" || r.Format == "TXT" || r.Format == "HTML"
	}
	return false
}
