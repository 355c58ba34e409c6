# Each verb does its own set-up (scripts/setup): a fresh Debian or Ubuntu machine needs nothing but make and git.
# ARGS are handed on: make demo ARGS=~/Pictures, make test ARGS="-k channel". WORKERS run the tests, 0 for none:
# make test WORKERS=0 ARGS="--pdb".

PYTHON_IN_VENV := .venv/bin/python
# Tests wait for windows, pages and servers a third of their time: on the two cores of CI there is work for three.
WORKERS ?= 3
# With compiled modules the tests are collected in half the time, and the programs that they start are ready sooner.
PYTEST = PYTHONDONTWRITEBYTECODE= $(PYTHON_IN_VENV) -m pytest -n $(WORKERS) $(if $(filter-out 0,$(WORKERS)),--dist loadfile --no-loadscope-reorder)
NPM := PATH="$(CURDIR)/.venv/bin:$$PATH" npm

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast fuzz check check-setup check-python check-types check-mypy check-pyright check-pages format docs bench endurance ship-check clean

help:
	@echo "make demo    the disk atlas, in a window or, without a display, in a browser (CHECK=1: driven and checked)"
	@echo "make test    every test, on every runtime the machine has"
	@echo "make test-fast  the tests that need no browser, GTK, Node.js or program of their own, in about a minute"
	@echo "make check   linters and type checkers"
	@echo "make format  put imports and layout in order"
	@echo "make docs    the documentation site, in build/site; a link that leads nowhere is an error"
	@echo "make bench   figures of the link (ARGS=--plugins: of the official plugins; --bundle: start and size of bundles)"
	@echo "make endurance  an hour of traffic on each runtime: what grows, and what is left over (ARGS=--short: a minute)"
	@echo "make fuzz    every decoder fed with what breaks decoders (ARGS='spine --seconds 600')"
	@echo "make ship-check  as root: the demo's package in a new Debian, from installing to removing it (needs debootstrap)"
	@echo "make clean   remove everything that was made"

demo:
	@scripts/setup demo $(if $(CHECK),drive)
	@.venv/bin/transom demo $(if $(CHECK),--check) $(ARGS)

test:
	@scripts/setup test
	$(PYTEST) $(ARGS)

test-fast: WORKERS = $(shell getconf _NPROCESSORS_ONLN)
test-fast:
	@scripts/setup fast
	$(PYTEST) -m "not slow" --hypothesis-profile=fast $(ARGS)

# The kinds of checks run beside each other, each one's output in one piece. `make -k check` goes on after one has failed.
check: check-setup
	@$(MAKE) --no-print-directory --jobs=$$(getconf _NPROCESSORS_ONLN) --output-sync=target check-python check-mypy check-pyright check-pages

check-setup:
	@scripts/setup check

check-python: check-setup
	.venv/bin/ruff check
	.venv/bin/ruff format --check

check-types: check-mypy check-pyright

check-mypy: check-setup
	.venv/bin/mypy

check-pyright: check-setup
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/pyright --warnings

check-pages: check-setup
	$(NPM) --prefix tests/js run --silent types
	$(NPM) --prefix tests/js run --silent lint
	$(NPM) --prefix examples/atlas/ui run --silent check

format:
	@scripts/setup check
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format

docs:
	@scripts/setup docs
	$(PYTHON_IN_VENV) -m sphinx --quiet --fail-on-warning --keep-going -b html -d build/doctrees docs build/site $(ARGS)
	@echo "build/site/index.html"

bench:
	@scripts/setup bench
	$(PYTHON_IN_VENV) -m bench $(ARGS)

endurance:
	@scripts/setup bench
	$(PYTHON_IN_VENV) -m bench.endurance $(ARGS)

ship-check:
	@scripts/setup test
	$(PYTHON_IN_VENV) scripts/try_package.py

fuzz:
	@scripts/setup fuzz
	$(PYTHON_IN_VENV) -m tests.fuzz $(ARGS)

clean:
	rm -rf .venv .venv-peers build dist src/transom/wire/dist examples/atlas/ui/dist examples/atlas/ui/node_modules tests/js/node_modules tests/templates/node_modules bench/results/*
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
