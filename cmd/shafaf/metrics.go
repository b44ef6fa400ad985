package main

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// allCollectors tell of everything at /metrics that the site does not know.
func (e *env) allCollectors(p *portal, index *search.Index, jobs *restarts) []prometheus.Collector {
	return []prometheus.Collector{
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&figures{env: e, portal: p, index: index, jobs: jobs},
	}
}

// restarts counts how often each job was started again.
type restarts struct {
	mu sync.Mutex
	n  map[string]int64
}

func newRestarts(jobs []job) *restarts {
	r := &restarts{n: map[string]int64{}}
	for _, j := range jobs {
		r.n[j.name] = 0
	}
	return r
}

func (r *restarts) add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n[name]++
}

func (r *restarts) each(do func(name string, n int64)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, n := range r.n {
		do(name, n)
	}
}

// figures asks the parts of the program how they are whenever somebody asks
// for the metrics.
type figures struct {
	*env
	*portal
	index *search.Index
	jobs  *restarts

	mu      sync.Mutex
	fetches map[string]int64 // of the last count
	counted time.Time
}

const (
	figuresTime = 5 * time.Second // that asking may take
	countEvery  = 5 * time.Minute // of what takes a look at all resources
)

// Describe announces nothing: which figures there are depends on how the parts
// are.
func (f *figures) Describe(chan<- *prometheus.Desc) {}

// Collect asks every part. What cannot be had is left out and logged.
func (f *figures) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(f.ctx, figuresTime)
	defer cancel()
	out := figureWriter{ch}
	out.put(prometheus.GaugeValue, "build_info", "The program.", 1, "version", version(), "go", runtime.Version())
	f.jobs.each(func(name string, n int64) {
		out.put(prometheus.CounterValue, "job_restarts_total", "Times that a job broke off and was started again.", float64(n), "job", name)
	})
	f.ofDisk(out)
	f.ofExports(out)
	for what, part := range map[string]func(context.Context, figureWriter) error{
		"catalogue": f.ofCatalogue, "search": f.ofSearch, "harvests": f.ofHarvests, "mail": f.ofMail,
	} {
		if err := part(ctx, out); err != nil {
			f.log.Warn("some metrics cannot be had", "part", what, "err", err)
		}
	}
}

func (f *figures) ofDisk(out figureWriter) {
	free, floor, err := f.files.Room.Left()
	if err != nil {
		return // the system does not tell
	}
	out.put(prometheus.GaugeValue, "disk_free_bytes", "Free space on the disk of the data folder.", float64(free))
	out.put(prometheus.GaugeValue, "disk_floor_bytes", "Free space below which nothing is taken in.", float64(floor))
}

func (f *figures) ofExports(out figureWriter) {
	n := f.exports.Stats()
	out.summary("export_build_seconds", "Time to write an export.", n.Builds+n.Failed, n.Took.Seconds())
	out.put(prometheus.CounterValue, "export_builds_failed_total", "Exports that could not be written.", float64(n.Failed))
	out.put(prometheus.GaugeValue, "export_bytes", "Exports that are kept.", float64(n.Bytes))
}

func (f *figures) ofCatalogue(_ context.Context, out figureWriter) error {
	w := f.store.WriterStats()
	out.summary("catalog_commit_seconds", "Time to make a transaction durable.", w.Commits+w.Failed, w.Took.Seconds())
	out.summary("catalog_commit_writes", "Writes that share a transaction.", w.Commits+w.Failed, float64(w.Writes))
	out.put(prometheus.CounterValue, "catalog_queries_total", "Queries of the catalogue.", float64(f.store.Queries()))
	out.put(prometheus.CounterValue, "catalog_commits_failed_total", "Transactions that could not be kept.", float64(w.Failed))
	out.put(prometheus.GaugeValue, "catalog_writes_waiting", "Writes that wait for their turn.", float64(w.Waiting))
	wal, err := f.store.WALSize()
	if err == nil {
		out.put(prometheus.GaugeValue, "catalog_wal_bytes", "Size of the write-ahead log.", float64(wal))
	}
	return err
}

func (f *figures) ofSearch(ctx context.Context, out figureWriter) error {
	n := f.index.Stats()
	out.summary("search_seconds", "Time to answer a search.", n.Searches, n.Took.Seconds())
	if c := n.Compared; c != nil {
		const name, help = "index_differences", "What the index had wrong when it was last compared with the catalogue."
		out.put(prometheus.GaugeValue, name, help, float64(c.Missing), "kind", "missing")
		out.put(prometheus.GaugeValue, name, help, float64(c.Extra), "kind", "extra")
		out.put(prometheus.GaugeValue, name, help, float64(c.Stale), "kind", "stale")
		out.put(prometheus.GaugeValue, "index_compared_timestamp_seconds", "When the index was last compared.", float64(c.At.Unix()))
	}
	docs, err := f.index.Docs()
	if err != nil {
		return err
	}
	out.put(prometheus.GaugeValue, "index_documents", "Documents in the search index.", float64(docs))
	lag, _, err := f.index.Lag(ctx, f.store)
	if err != nil {
		return err
	}
	out.put(prometheus.GaugeValue, "index_lag_changes", "Changes of the catalogue that the index does not show.", float64(lag))
	at, err := f.index.Cursor()
	if err != nil {
		return err
	}
	since, behind, err := f.store.ChangedAt(ctx, at.Seq)
	if err != nil {
		return err
	}
	late := 0.0
	if behind {
		late = max(f.now().Sub(since).Seconds(), 0)
	}
	out.put(prometheus.GaugeValue, "index_lag_seconds", "Age of the first change that the index does not show.", late)
	return nil
}

func (f *figures) ofHarvests(ctx context.Context, out figureWriter) error {
	runs, err := f.store.RunStates(ctx)
	if err != nil {
		return err
	}
	for _, state := range []string{catalog.RunComplete, catalog.RunIncomplete, catalog.RunHeld, catalog.RunFailed} {
		out.put(prometheus.CounterValue, "harvest_runs_total", "Harvests that ended, by how.", float64(runs[state]), "state", state)
	}
	out.put(prometheus.GaugeValue, "harvest_running", "Harvests under way.", float64(runs[catalog.RunRunning]))
	o, err := f.store.Overdue(ctx, f.now())
	if err != nil {
		return err
	}
	out.put(prometheus.GaugeValue, "sources_scheduled", "Sources that are harvested by schedule.", float64(o.Sources))
	out.put(prometheus.GaugeValue, "sources_overdue", "Of these, those without a complete run for more than twice their interval.", float64(o.Late))
	out.put(prometheus.GaugeValue, "source_complete_age_seconds_max", "Age of the last complete run of the source that waits the longest.", o.Oldest.Seconds())
	fetches, err := f.fetchStates(ctx)
	if err != nil {
		return err
	}
	for _, state := range []string{catalog.FetchPending, catalog.FetchDone, catalog.FetchFailed} {
		out.put(prometheus.GaugeValue, "files", "Files of resources, by how fetching them went.", float64(fetches[state]), "state", state)
	}
	return nil
}

func (f *figures) ofMail(ctx context.Context, out figureWriter) error {
	n := f.portal.post.Figures()
	out.put(prometheus.CounterValue, "mail_sent_total", "Letters that were sent.", float64(n.Sent))
	out.put(prometheus.CounterValue, "mail_failed_total", "Attempts to send a letter that failed.", float64(n.Failed))
	out.put(prometheus.CounterValue, "mail_given_up_total", "Letters that were given up.", float64(n.GivenUp))
	states, err := f.store.OutboxStates(ctx)
	if err != nil {
		return err
	}
	out.put(prometheus.GaugeValue, "mail_waiting", "Letters that wait to be sent.", float64(states[catalog.MailWaiting]))
	out.put(prometheus.GaugeValue, "mail_undelivered", "Letters that were given up and wait for an operator.", float64(states[catalog.MailFailed]))
	return nil
}

// fetchStates counts anew when the last count is old.
func (f *figures) fetchStates(ctx context.Context) (map[string]int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if age := now.Sub(f.counted); f.fetches != nil && age >= 0 && age < countEvery {
		return f.fetches, nil
	}
	n, err := f.store.FetchStates(ctx)
	if err != nil {
		return nil, err
	}
	f.fetches, f.counted = n, now
	return n, nil
}

// A figureWriter sends figures of this moment.
type figureWriter struct{ ch chan<- prometheus.Metric }

// put sends one figure; labels are names and values in turn.
func (w figureWriter) put(kind prometheus.ValueType, name, help string, v float64, labels ...string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	w.ch <- prometheus.MustNewConstMetric(prometheus.NewDesc("shafaf_"+name, help, names, nil), kind, v, values...)
}

// summary sends how many there were and their sum.
func (w figureWriter) summary(name, help string, count int64, sum float64) {
	w.ch <- prometheus.MustNewConstSummary(prometheus.NewDesc("shafaf_"+name, help, nil, nil), uint64(count), sum, nil)
}
