# The words of every day. Anything longer than a few lines is a command or a test.
GO ?= go
DATA ?= data
FUZZTIME ?= 1m
ROUNDS ?= 200
SOAK ?= 1h
EXAMPLES ?= 10
LINT_VERSION = v2.11.4
export CGO_ENABLED = 0
export SHAFAF_PYTHON ?= $(CURDIR)/.venv/bin/python

.PHONY: run build test lint bench profile crash fuzz soak golden browser schemathesis tools clean

run: build
	@[ -n "$$(bin/shafaf --data $(DATA) dataset list --json | head -n 1)" ] || bin/shafaf --data $(DATA) demo
	bin/shafaf --data $(DATA) serve --addr :8080

build: site/static/vendor/.done
	$(GO) build -trimpath -o bin/ ./cmd/shafaf

# The Persian web font is optional: without npm the pages use the system's fonts.
site/static/vendor/.done: site/browser/package-lock.json
	@mkdir -p site/static/vendor
	@if command -v npm >/dev/null; then cd site/browser && npm ci --ignore-scripts --no-audit --no-fund --silent \
	  && cp node_modules/@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2 ../static/vendor/ \
	  || echo "the Persian web font could not be had; the pages use the system's fonts" >&2; fi
	@touch $@

test: tools build lint
	$(GO) test -shuffle=on -timeout 15m ./...
	$(MAKE) crash ROUNDS=1
	$(MAKE) fuzz FUZZTIME=2s
	$(MAKE) browser
	$(MAKE) schemathesis

# What the tests need beside Go: chromium, sqlite3, strace, node and python's duckdb and openpyxl.
tools:
	@.ci/tools

lint: bin/golangci-lint-$(LINT_VERSION)
	$< run ./...
	$(GO) mod tidy -diff

bin/golangci-lint-$(LINT_VERSION):
	GOFLAGS= GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv bin/golangci-lint $@

# Stops everything that writes with kill -9 and with broken and full disks, each
# ROUNDS times; then all must be well. A TMPDIR in memory makes it quick.
crash:
	SHAFAF_CRASH_ROUNDS=$(ROUNDS) $(GO) test -count=1 -timeout 6h -run 'TestCrash' -v ./cmd/shafaf

fuzz:
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x $$pkg || exit 1; \
	  done; done

# Loads a portal for SOAK and, from an hour on, writes docs/soak.md.
soak: build
	SHAFAF_SOAK=$(SOAK) $(GO) test -count=1 -timeout 12h -run 'TestSoak' -v ./cmd/shafaf

# Measures the program beside what it is compared with and writes what came of it
# into docs/performance.md: all benchmarks, or those whose names match NAME, as in
# NAME=csv or NAME='csv|search.*'. ROWS, LARGE, DATASETS, COMMENTS and LINES set
# sizes, ROUNDS, DURATION and ABUSE (seconds) and MINUTES how long it goes on; with
# others than the usual ones nothing is written. KEEP=1 takes portals that an
# earlier state of the program has made. All of it takes an hour and a half.
bench: build
	@.ci/peers
	SHAFAF_BENCH=1 $(GO) test -count=1 -timeout 8h -run 'TestBench/^($(or $(NAME),.*))$$' -v ./cmd/shafaf

# Leaves CPU and heap profiles of the program in the benchmark NAME in profiles/NAME.
profile: build
	@[ -n "$(NAME)" ] || { echo "say which: make profile NAME=csv" >&2; exit 2; }
	SHAFAF_BENCH=1 SHAFAF_BENCH_PROFILE=$(CURDIR)/profiles $(GO) test -count=1 -timeout 2h -run 'TestBench/^($(NAME))$$' -v ./cmd/shafaf
	@echo "go tool pprof bin/shafaf profiles/$(NAME)/…/cpu.pprof" && ls -d profiles/*/*

golden:
	$(GO) test ./exporters ./datasets ./harvesters ./site -run 'Golden|Real|EveryKind' -update

browser: tools build
	$(GO) test -count=1 -timeout 20m -run 'TestBrowser' -v ./cmd/shafaf -args -browser

# Tries out what /openapi.json says of a demo portal, EXAMPLES random requests an address.
schemathesis: tools build
	.ci/schemathesis $(EXAMPLES)

clean:
	rm -rf bin .bench profiles .venv site/browser/node_modules site/browser/shots site/static/vendor
