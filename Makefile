# Everything a person does with this checkout. `make help` lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# Which build: release, dev (fast to compile), asan-ubsan or tsan.
PRESET ?= release
BUILD := build/$(PRESET)
JOBS ?= 2
CACHE := $(or $(BINDERY_CACHE),$(HOME)/.cache/bindery)
DEMO_ARGS ?=
TEST_ARGS ?=

# Compiles again only what changed, where ccache is there.
export CCACHE_DIR ?= $(CACHE)/ccache
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export CCACHE_SLOPPINESS := pch_defines,time_macros,include_file_mtime,include_file_ctime
LAUNCHER := $(if $(shell command -v ccache),-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)

SETUP := local/setup
LISTS := local/dependencies

.PHONY: help
help: ## List what can be made
	@echo "Bindery: links to git repositories become running Jupyter servers."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  make demo DEMO_ARGS=--check     the same, then end everything"
	@echo "  make test PRESET=asan-ubsan     unit and HTTP tests under a sanitizer (or tsan)"
	@echo "  make build PRESET=dev           a build that compiles fast"

.PHONY: setup-build setup-run setup-test setup
setup-build:
	@$(SETUP)/apt-packages $(LISTS)/build.apt
setup-run: setup-build
	@$(SETUP)/apt-packages $(LISTS)/run.apt
	@$(SETUP)/python-env stack $(LISTS)/requirements.txt >/dev/null
	@$(SETUP)/node-env >/dev/null
	@local/base-image/build >/dev/null
setup-test: setup-run
	@$(SETUP)/apt-packages $(LISTS)/test.apt
	@$(SETUP)/python-env test $(LISTS)/requirements-test.txt >/dev/null
	@$(SETUP)/node-env clients $(LISTS)/clients >/dev/null
setup: setup-test ## Install and prepare all that building, running and testing need

.PHONY: configure
configure: setup-build
	@mkdir -p build
	@cmake --preset $(PRESET) $(LAUNCHER) >build/configure.log 2>&1 || { cat build/configure.log; exit 1; }

.PHONY: build
build: configure ## Compile the program bindery and its tests
	cmake --build $(BUILD) -j $(JOBS)

.PHONY: program
program: configure ## Compile the program bindery alone
	cmake --build $(BUILD) -j $(JOBS) --target bindery

.PHONY: demo
demo: program setup-run ## Bring up everything on this machine and launch the sample repository
	$(BUILD)/bindery up $(if $(findstring --check,$(DEMO_ARGS)),,--launch sample) $(DEMO_ARGS)

.PHONY: test test-unit test-ui test-real
test: test-unit test-ui $(if $(filter asan-ubsan tsan,$(PRESET)),,test-real) ## Run every test; with a sanitizer PRESET the unit and HTTP tests
test-unit: build ## Run the tests that need no other part
	ctest --test-dir $(BUILD) --output-on-failure
test-ui: setup-build ## Check and test what the pages' scripts are made from
	@http/ui/app/prepare
	cd http/ui/app && node_modules/.bin/tsc && node_modules/.bin/vitest run
test-real: build setup-test ## Run the tests on real parts and in a real browser
	BINDERY_PROGRAM=$(CURDIR)/$(BUILD)/bindery $(CACHE)/test/bin/python -m pytest tests $(TEST_ARGS)

# Of each target, on new inputs; FUZZ_KEEP=1 adds to the kept inputs those that reach further.
FUZZ_SECONDS ?= 60
FUZZ_KEEP ?=
.PHONY: fuzz
fuzz: setup-build ## Look for inputs that break the readers of hostile bytes
	@$(SETUP)/apt-packages $(LISTS)/fuzz.apt
	@mkdir -p build
	@cmake --preset fuzz $(LAUNCHER) >build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	cmake --build build/fuzz -j $(JOBS)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_KEEP=$(FUZZ_KEEP) tests/fuzz/run build/fuzz/tests/fuzz/fuzz $(JOBS)

.PHONY: format lint
format: ## Format every C++ file
	git ls-files '*.cpp' '*.hpp' | xargs clang-format -i
lint: configure ## Check format, includes and common faults
	@$(SETUP)/apt-packages $(LISTS)/lint.apt
	git ls-files '*.cpp' '*.hpp' | xargs clang-format --dry-run --Werror
	tests/check-includes
	git ls-files '*.cpp' | grep -v '^tests/' | xargs -P $(JOBS) -n 8 clang-tidy -p $(BUILD) --quiet

.PHONY: bench
bench: build ## Measure the memory of open event streams, and what masking long lines costs
	$(BUILD)/bench/open_streams
	$(BUILD)/bench/mask_cost

.PHONY: clean
clean: ## Remove what was compiled; prepared environments and images stay
	rm -rf build
