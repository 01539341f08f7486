# Muster: everything a newcomer types. Needs python3 (3.11 to 3.13) and make; uses uv where it is on PATH.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCKS  := deploy/lock

# A file of tests stays with one process; each process has servers of its own. In the order of tests/conftest.py.
AT_ONCE := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
UV     := $(shell command -v uv 2>/dev/null)

# What is installed depends on these files and on the place: a moved clone is set up anew.
STATE   := $(shell { pwd; cat pyproject.toml $(LOCKS)/runtime.txt $(LOCKS)/dev.txt; } | cksum | cut -d' ' -f1)
RUNTIME := $(VENV)/.muster-runtime-$(STATE)
DEV     := $(VENV)/.muster-dev-$(STATE)

MAKEFLAGS += --no-print-directory
# What one process compiled is there for the next: tests start a hundred of them.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev browser run demo test every-test check tests-of-check chaos fuzz lint style types bench lock clean

help:
	@echo "make setup   install Muster into .venv (done by the others when needed)"
	@echo "make run     the servers, the services and a lively demo centre; Ctrl-C stops it"
	@echo "make demo    a finite accelerated day with a summary;   ARGS='--cases 300 --speed 600 --seed 7'"
	@echo "make test    everything: style, types, imports, all tests;   ARGS='-k summons'"
	@echo "make check   the quick part of it: style, types, imports, unit and architecture tests"
	@echo "make chaos   everything goes wrong while a centre is at work, and nothing is lost;   ARGS='--long', ARGS='--seed 3'"
	@echo "make fuzz    any bytes to everything that reads;   ARGS='--seconds 60 --target pack'"
	@echo "make bench   the measurements;   ARGS='--help'"
	@echo "make lock    resolve the dependencies anew (needs uv);   ARGS='--upgrade'"
	@echo "make clean   remove .venv and everything generated; data folders are never touched"
	@echo "Another Python: make PYTHON=python3.12 setup"

setup:
	@$(call keep_venv)
	@[ -e $(RUNTIME) ] || { $(call install,runtime.txt) && $(call install_muster) && $(call mark,runtime,$(RUNTIME)); }

setup-dev: setup
	@[ -e $(DEV) ] || { $(call install,dev.txt) && $(call mark,dev,$(DEV)); }

# The console's tests look at it in a real browser. Where it cannot be installed from here, they are skipped and say so.
browser:
	@$(call browser_is_there) || { $(call install_browser); } || \
	echo "The browser tests need Chromium and a Chinese font, e.g. apt-get install chromium fonts-noto-cjk (or MUSTER_CHROMIUM=PATH)." >&2

run: setup
	@exec $(BIN)/muster up --demo $(ARGS)

demo: setup
	@exec $(BIN)/muster demo $(ARGS)

bench: setup-dev
	@exec $(BIN)/python -m benchmarks $(ARGS)

lint: style types

style: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: setup-dev
	$(BIN)/basedpyright

# Types take one core half a minute: they are checked beside the tests, and whatever fails fails the whole.
check: style
	@$(MAKE) -j2 types tests-of-check

tests-of-check: setup-dev
	$(BIN)/pytest $(AT_ONCE) tests/unit tests/architecture $(ARGS)

chaos: setup-dev
	@exec $(BIN)/python -m benchmarks.chaos $(ARGS)

fuzz: setup-dev
	@exec $(BIN)/python -W ignore -m tests.fuzz $(ARGS)

test: style browser
	@$(MAKE) -j2 types every-test

every-test: setup-dev
	$(BIN)/pytest $(AT_ONCE) $(ARGS)

# uv is quicker but does not read pip's configuration: where an index is only known to pip, pip takes over.
define install
echo "Installing $(LOCKS)/$(1) into $(VENV) ..." >&2; { \
{ [ -n "$(UV)" ] && "$(UV)" pip install --quiet --python $(BIN)/python --require-hashes -r $(LOCKS)/$(1) 2>/dev/null; } || \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r $(LOCKS)/$(1); }
endef

# Editable: the clone itself is what runs. The build backend is in the lock, so nothing else is fetched.
define install_muster
{ { [ -n "$(UV)" ] && "$(UV)" pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline --editable . 2>/dev/null; } || \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --no-index --editable .; }
endef

define browser_is_there
[ -x "$${MUSTER_CHROMIUM:-/usr/bin/chromium}" ]
endef

define install_browser
[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && export DEBIAN_FRONTEND=noninteractive && \
echo "Installing Chromium for the browser tests ..." >&2 && \
{ apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk; } >/dev/null 2>&1
endef

define mark
rm -f $(VENV)/.muster-$(1)-* && touch $(2)
endef

# An existing .venv is kept, unless the clone was moved (its scripts name the old place) or its Python is gone.
define keep_venv
if [ -e $(VENV)/.muster-place ] && [ "$$(cat $(VENV)/.muster-place)" != "$(CURDIR)" ]; then rm -rf $(VENV); fi; \
if ! $(BIN)/python -c '' 2>/dev/null; then $(call make_venv); fi; \
[ -e $(VENV)/.muster-place ] || echo "$(CURDIR)" > $(VENV)/.muster-place
endef

define make_venv
$(call check_python); \
rm -rf $(VENV); \
$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
|| { rm -rf $(VENV); [ -n "$(UV)" ] && "$(UV)" venv --quiet --seed --python "$$(command -v $(PYTHON))" $(VENV); } \
|| { rm -rf $(VENV); \
     echo "$(PYTHON) cannot make a virtual environment here (its parts venv and ensurepip are missing)."; \
     echo "Debian and Ubuntu: apt-get install python3-venv. Elsewhere: install uv, or name another Python: make PYTHON=python3.12 setup"; \
     exit 1; } >&2
endef

define check_python
command -v $(PYTHON) >/dev/null || { \
  echo "$(PYTHON) was not found. Install Python 3.11, 3.12 or 3.13, or name yours: make PYTHON=/path/to/python3.12 setup" >&2; exit 1; }; \
$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || { \
  echo "Muster needs Python 3.11, 3.12 or 3.13; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 setup" >&2; exit 1; }
endef

# Hashes and versions only: no address of an index and no path gets in, so it installs from any index or mirror.
COMPILE = "$(LOCK_UV)" pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header --no-config $(ARGS)
LOCK_UV = $(or $(UV),$(wildcard $(BIN)/uv))

lock:
	@[ -n "$(LOCK_UV)" ] || { echo "make lock needs uv on PATH." >&2; exit 1; }
	@$(COMPILE) pyproject.toml $(LOCKS)/build.in -o $(LOCKS)/runtime.txt
	@$(COMPILE) pyproject.toml $(LOCKS)/build.in --group dev -c $(LOCKS)/runtime.txt -o $(LOCKS)/dev.txt
	@for lock in $(LOCKS)/runtime.txt $(LOCKS)/dev.txt; do \
	  { echo '# Made by "make lock" from pyproject.toml and build.in. Do not edit.'; cat $$lock; } > $$lock.new && mv $$lock.new $$lock; \
	done

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
