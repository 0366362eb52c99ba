# Every target does its own set-up: a fresh clone needs only make and Python >= 3.11.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo crawl test coverage lint format bench quality real feeds rivals clean

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Broadtape needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (about a minute, once) ..."
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $@

demo: $(READY)      ## Serve the sample site, crawl it twice, export it
	$(BIN)/python -m data.sample.demo

crawl: $(READY)     ## Crawl the shipped catalogue once (needs the internet)
	$(BIN)/broadtape crawl

test: $(READY)      ## Every test; no network beyond loopback
	$(BIN)/python -m pytest

coverage: $(READY)  ## Which lines no test reaches, processes of the tests included
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --show-missing --skip-covered

lint: $(READY)      ## Format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

real: $(READY)      ## Crawl 439 real pages of ../shared, on loopback
	$(BIN)/python -m bench.real

quality: $(READY)   ## Extraction measured on real pages of ../shared; writes docs/quality.md
	$(BIN)/python -m bench.quality --write

feeds: $(READY)     ## Read every feed of ../shared, expectation by expectation
	$(BIN)/python -m bench.feeds

rivals: $(READY)    ## Beside other tools, each in an environment of its own; writes docs/comparison.md
	$(BIN)/python -m bench.rivals --write

bench: $(READY)     ## Speed and memory, against their targets
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) .venv-rivals build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache data/*.db data/*.db-* data/*.csv
