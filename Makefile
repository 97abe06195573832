# neurokit: every target sets up what it needs, also on a fresh machine; nothing is done twice.
#   PYTHON=python3.12 make test    uses another Python (3.11 or later)
#   VENV=/path make test           puts the virtual environment elsewhere

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.neurokit-installed

# Prefix for commands that need root: nothing for root, sudo where it exists.
ROOT := $(shell if [ "$$(id -u)" != 0 ]; then command -v sudo; fi)
APT := $(ROOT) env DEBIAN_FRONTEND=noninteractive apt-get

.DEFAULT_GOAL := help
.PHONY: help demo test test-all check bench models netlists clean ngspice install

help: ## list the targets
	@echo "make TARGET; each target installs what it needs (ngspice, a virtual environment in $(VENV)):"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: install ngspice ## simulate the preset devices, train a network and verify it, figures into out/demo, some minutes
	$(BIN)/neurokit demo --out out/demo

test: install ngspice ## run the tests but the slow ones, on all cores
	$(BIN)/python -m pytest -n auto

test-all: install ngspice ## run all tests
	$(BIN)/python -m pytest -n auto -m "slow or not slow"

check: install ## format, lint, types, direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install ngspice ## run the benchmarks, tables into benchmarks/README.md
	$(BIN)/python benchmarks/run.py

models: install ## print spice_models/ and the twin's equations from neurokit/device/equations.py
	$(BIN)/neurokit device export --format spice --out spice_models/vo2x.lib
	$(BIN)/neurokit device export --format verilog-a --out spice_models/vo2x.va
	$(BIN)/neurokit device export --format python --out neurokit/simulation/twin_kernel.py

netlists: install ## print netlists/ from neurokit/circuits
	$(BIN)/neurokit netlist --all netlists

clean: ## remove what these targets made, the virtual environment too
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks *.egg-info
	find neurokit tests benchmarks -name __pycache__ -type d -exec rm -rf {} +

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "neurokit needs Python 3.11 or later: PYTHON=/path/to/python3 make ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  command -v apt-get >/dev/null || { echo "$(PYTHON) has no ensurepip: install its venv package"; exit 1; }; \
	  $(APT) update && $(APT) install -y python3-venv; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -c constraints.txt -e '.[dev]'
	@touch $@

# The program and, for the PySpice back end, the shared library.
ngspice:
	@if command -v apt-get >/dev/null; then \
	  if ! command -v ngspice >/dev/null || ! /sbin/ldconfig -p | grep -q 'libngspice\.so'; then \
	    { $(APT) update && $(APT) install -y ngspice libngspice0; } || { \
	      echo "ngspice is missing; as root type: apt-get install ngspice libngspice0"; exit 3; }; \
	  fi; \
	elif command -v brew >/dev/null; then \
	  brew list ngspice libngspice >/dev/null 2>&1 || brew install ngspice libngspice; \
	elif ! command -v ngspice >/dev/null; then \
	  echo "ngspice is missing: install it and its shared library with the package manager of this system"; \
	  echo "(Fedora: dnf install ngspice libngspice; Arch: pacman -S ngspice; others: https://ngspice.sourceforge.io)"; \
	  exit 3; \
	fi
