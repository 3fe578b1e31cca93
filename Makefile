# Everything a fresh machine needs is Python 3.11 or newer; each target sets up .venv when it has to.
#   make demo    write a sample ledger and audit it
#   make test    run all tests            make lint types    ruff and mypy
#   make bench   run the benchmarks       make docs          build the pages (Sphinx)
#   make spark   add pyspark, for the tests on Spark (Java 17)
#   make soak    audit a million requests, and what SOAK_ARGS says, in bounded memory
#   make law     hold modules against the text that they print, on a million random histories

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder
AS_OF := 2018-12-31

.PHONY: demo test spark lint format types pages docs bench soak law clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.demo
	$(BIN)/windowservice sample demo-ledger
	$(BIN)/windowservice audit demo-ledger --as-of $(AS_OF) --fail-on none  # there are findings, and there should be

test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

spark: $(VENV)/.spark

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev
	$(BIN)/ruff format .

types: $(VENV)/.dev
	$(BIN)/mypy $(wildcard src tests/typing)

pages: $(VENV)/.dev  # those that the library writes about itself
	$(BIN)/python docs/reference.py

docs: $(VENV)/.docs
	$(BIN)/sphinx-build -q -W -j auto -b html docs docs/_build/html

bench: $(VENV)/.bench
	set -e; for script in tests/benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script; done

SOAK_ARGS ?= --requests 1000000
soak: $(VENV)/.dev
	$(BIN)/python tests/benchmarks/bench_large.py $(SOAK_ARGS)

LAW_EXAMPLES ?= 1000000
law: $(VENV)/.dev
	LAW_EXAMPLES=$(LAW_EXAMPLES) $(BIN)/python -m pytest -q -n0 tests/language/webassembly/test_printed_text.py

clean:
	rm -rf $(VENV) demo-ledger docs/_build

# Each stamp says that its packages are installed; it is older than pyproject.toml only when those may have changed.

$(VENV)/.pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.demo: pyproject.toml | $(VENV)/.pip
	$(BIN)/python -m pip install --quiet --editable ".[cli]"
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/.pip
	$(BIN)/python -m pip install --quiet --editable ".[all]" --group dev
	@touch $@ $(VENV)/.demo

$(VENV)/.spark: pyproject.toml | $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable ".[all,spark]"
	@touch $@

$(VENV)/.docs: pyproject.toml | $(VENV)/.pip
	$(BIN)/python -m pip install --quiet --editable ".[all]" --group docs
	@touch $@

$(VENV)/.bench: pyproject.toml | $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --group benchmarks
	@touch $@
