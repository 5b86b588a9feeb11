# Attune's front door. `make` alone lists what it does.
#
# What is expensive is behind a stamp in .attune/stamp, so that a command whose
# work is done says nothing and costs nothing. Two variables matter:
#   DATA    where `make demo` keeps the demo company   (.attune/demo)
#   LISTEN  where it serves                            (127.0.0.1:8080)

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

DATA ?= .attune/demo
LISTEN ?= 127.0.0.1:8080

TARGET := $(or $(CARGO_TARGET_DIR),target)
STAMP := .attune/stamp
RELEASE := $(TARGET)/release/attune
PAGES := console widget loader

# Folders count too: a file that is removed leaves no other trace. Those that
# builds write into, web/ and the folders in it, do not.
WEB_SOURCES := $(shell find web \( -name node_modules -o -name dist -o -path web/target \) -prune -o \( -type f -o -type d -path 'web/*/*' \) -print 2>/dev/null)
RUST_SOURCES := Cargo.toml Cargo.lock $(shell find crates examples \( -name node_modules \) -prune -o \( -type f -o -type d \) -print)

.PHONY: help
help: ## List the commands
	@echo 'Attune (知音): make COMMAND'
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 12

.PHONY: demo
demo: setup-demo $(STAMP)/attune ## Build what changed, create the demo company once, serve it
	@exec $(RELEASE) demo --data $(DATA) --listen $(LISTEN)

.PHONY: build
build: setup-demo $(STAMP)/attune ## Build the release binary with its pages
	@echo $(RELEASE)

.PHONY: web
web: setup-demo $(STAMP)/web ## Build the pages: console, widget, loader

.PHONY: check
check: setup-demo $(STAMP)/npm | pages ## Look without running: format, lints, types, generated files
	@scripts/run-parts check

.PHONY: test
test: setup-test $(STAMP)/web ## Run every test, and a sample of the faults and of the load
	@scripts/run-parts test

.PHONY: faults
faults: setup-test $(STAMP)/attune ## Kill the server a thousand times under load, on both databases
	@scripts/run-parts faults

.PHONY: bench
bench: setup-test $(STAMP)/attune ## Measure; one JSON line for each benchmark
	@scripts/run-parts bench

.PHONY: generate
generate: setup-demo $(STAMP)/npm | pages ## Renew the generated files: OpenAPI, its client, the configuration reference
	@scripts/generate

.PHONY: fmt
fmt: setup-demo $(STAMP)/npm ## Format Rust and TypeScript
	@cargo fmt
	@npm --prefix web run format

.PHONY: clean
clean: ## Remove what was built; the demo company's data stays
	@rm -rf $(STAMP) .test web/target $(PAGES:%=web/%/dist) web/node_modules tests/browser/node_modules
	@cargo clean

.PHONY: setup-demo setup-test
setup-demo:
	@scripts/setup-demo

setup-test: setup-demo
	@scripts/setup-test

# The binary embeds these folders, so the compiler wants them to exist.
.PHONY: pages
pages:
	@mkdir -p $(PAGES:%=web/%/dist)

$(STAMP)/npm: web/package-lock.json | setup-demo
	@scripts/stamp $@ npm --prefix web ci --no-audit --no-fund

$(STAMP)/web: $(WEB_SOURCES) $(STAMP)/npm | setup-demo
	@scripts/stamp $@ npm --prefix web run build

$(STAMP)/attune: $(RUST_SOURCES) $(STAMP)/web | setup-demo
	@scripts/stamp $@ cargo build --release --locked --package attune

# A stamp of something that is gone is no stamp.
ifeq ($(wildcard web/node_modules),)
.PHONY: $(STAMP)/npm
endif
ifneq ($(words $(sort $(dir $(wildcard $(PAGES:%=web/%/dist/*))))),$(words $(PAGES)))
.PHONY: $(STAMP)/web
endif
ifeq ($(wildcard $(RELEASE)),)
.PHONY: $(STAMP)/attune
endif
