// Command shafaf publishes a government's data: it harvests, keeps, indexes,
// serves and exports a catalogue, as one program over one folder.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // Tehran's clock on machines without zone files

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// commands is the table of what the program can be told; each Run is in the
// file of its name.
type commands struct {
	Data   string `help:"Folder of the catalogue." default:"./data" env:"SHAFAF_DATA" type:"path" placeholder:"DIR"`
	Config string `help:"File of settings; shafaf.toml in the data folder, when it is there." env:"SHAFAF_CONFIG" type:"path" placeholder:"FILE"`
	Log    string `help:"Form of the log on stderr: text or json." enum:"text,json" default:"text" env:"SHAFAF_LOG"`

	MinFree minFree `name:"min-free" help:"Free space on the disk below which nothing is taken in: a size, or a share like 5%%; auto is 1 GiB, or 5%% of a disk below 20 GiB." default:"auto" env:"SHAFAF_MIN_FREE" placeholder:"SIZE"`

	Profile string `help:"Folder that a CPU and a heap profile of the command are left in." type:"path" placeholder:"DIR"`

	WorkerMemory byteCount `name:"worker-memory" help:"Memory that reading one file of a risky kind may take." default:"1GiB" env:"SHAFAF_WORKER_MEMORY" placeholder:"SIZE"`

	Mail mailFlags `embed:"" prefix:"mail-" group:"Mail"`

	Serve    serveCmd      `cmd:"" help:"Serve the site and the API, and follow the sources."`
	Demo     demoCmd       `cmd:"" help:"Fill the catalogue with demonstration data, through the real harvesters."`
	Source   sourceCmd     `cmd:"" help:"Places that records are harvested from."`
	Harvest  harvestCmd    `cmd:"" help:"Harvest sources now."`
	Dataset  datasetCmd    `cmd:"" help:"Datasets in the catalogue."`
	Draft    draftCmd      `cmd:"" help:"Draft regulations in the catalogue."`
	Measures indicatorsCmd `cmd:"" name:"indicators" help:"The transparency indicators that agencies are measured by."`
	Search   searchCmd     `cmd:"" help:"Search the catalogue."`
	Export   exportCmd     `cmd:"" help:"Write a table in another format."`
	Index    indexCmd      `cmd:"" help:"The search index."`
	Backup   backupCmd     `cmd:"" help:"Back the whole portal up, also while it is served."`
	Restore  restoreCmd    `cmd:"" help:"Bring a backup back into an empty folder."`
	User     userCmd       `cmd:"" help:"People who publish and operate."`
	Token    tokenCmd      `cmd:"" help:"API tokens, by which programs publish."`
	Letters  mailCmd       `cmd:"" name:"mail" help:"Letters that the portal sends."`
	Acts     logCmd        `cmd:"" name:"log" help:"The log of all acts at the desk and by programs."`
	Verify   verifyCmd     `cmd:"" help:"Check that everything is there and as it was written."`
	Settings configCmd     `cmd:"" name:"config" help:"Print or check the settings in force."`
	Worker   workerCmd     `cmd:"" hidden:"" help:"Work that the program gives to a process of its own."`
	Version  versionCmd    `cmd:"" help:"Print the version."`
}

// env is what a command runs in.
type env struct {
	ctx      context.Context
	in       io.Reader
	out      io.Writer // results only
	errOut   io.Writer // everything else
	log      *slog.Logger
	now      func() time.Time
	exit     func(code int) // ends the process
	dir      string
	settings *commands
	sources  []setting // the settings and where they came from
	wrongEnv error     // what the environment sets wrong, also for other commands
	demo     demoHosts
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	e := &env{ctx: ctx, in: os.Stdin, out: os.Stdout, errOut: os.Stderr, now: time.Now, exit: os.Exit}
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(e, os.Args[1:])
	stop()
	os.Exit(code)
}

// exitCode carries the code of --help through kong, which would end the process.
type exitCode int

// run runs the command that args name and returns the exit code: 0 done, 1
// failed, 2 misused.
func run(e *env, args []string) (code int) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case exitCode:
			code = int(x)
		default:
			panic(x) // a mistake of ours is not to look like success
		}
	}()
	k, err := e.parse(args)
	if err != nil {
		fmt.Fprintf(e.errOut, "shafaf: %v\nhint: %s\n", err, misuseHint(err))
		return 2
	}
	e.dir, e.log = e.settings.Data, newLog(e.errOut, e.settings.Log)
	return e.report(e.profiled(func() error { return k.Run(e) }))
}

func newLog(w io.Writer, form string) *slog.Logger {
	if form == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// errUsage marks a misuse that the parser could not see.
var errUsage = errors.New("wrong arguments")

// report tells of err and returns the exit code it means.
func (e *env) report(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(e.errOut, "shafaf: %v\n", err)
	hint := hintFor(err)
	if hint == "" && unwritable(err) {
		hint = fmt.Sprintf("the user who runs this must be allowed to write in the data folder %q; --data or SHAFAF_DATA names another", e.dir)
	}
	if hint != "" {
		fmt.Fprintf(e.errOut, "hint: %s\n", hint)
	}
	var invalid *catalog.InvalidError
	if errors.Is(err, errUsage) || errors.As(err, &invalid) {
		return 2
	}
	return 1
}

// unwritable reports whether err says that the data folder cannot be made or written.
func unwritable(err error) bool {
	text := err.Error()
	if strings.HasPrefix(text, "lock ") || strings.HasPrefix(text, "mkdir ") {
		return errors.Is(err, fs.ErrPermission)
	}
	return strings.Contains(text, "readonly database") || strings.HasPrefix(text, "catalog: open: mkdir ") ||
		strings.HasPrefix(text, "catalog: open: unable to open database file")
}

// hintFor says what to do about an error, where its text does not.
func hintFor(err error) string {
	var file *datasets.FileError
	switch {
	case errors.Is(err, context.Canceled):
		return "it was interrupted; what was acknowledged is kept, and the same command goes on from there"
	case errors.As(err, &file):
		return "mend the file, or save it as UTF-8 CSV, and try again"
	case catalog.Damaged(err):
		return "the catalogue is damaged and nothing can mend it: move the data folder away and bring the last backup back with shafaf restore"
	case catalog.Lost(err):
		return "look at the disk (dmesg), then give the command again; shafaf verify tells whether all is well"
	case errors.Is(err, catalog.ErrNotFound):
		return "shafaf dataset list, shafaf source list show what there is"
	}
	return ""
}
