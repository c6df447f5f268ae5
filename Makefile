# Everything runs in .venv, which these targets make and keep up to date with pyproject.toml.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help chat serve test test-rasa check lint bench bench-serve bench-actions bench-talks bench-rasa bench-widget shots soak clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

chat: $(VENV)/.ready  ## talk to Supple in the terminal (sets everything up first)
	@$(BIN)/supple chat

serve: $(VENV)/.ready  ## the chat service on 127.0.0.1:8000
	@$(BIN)/supple serve

test: $(VENV)/.ready-for-tests lint  ## all tests, after lint and types
	$(BIN)/supple check
	$(BIN)/supple coverage
	$(BIN)/python -m pytest

lint: $(VENV)/.ready-for-tests  ## ruff, mypy, the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(VENV)/.ready  ## every problem in rules/ and data/
	@$(BIN)/supple check

test-rasa: $(VENV)/.ready-for-tests  ## the same talk through a real Rasa (needs Python 3.10; sets up .venv-rasa, once)
	$(BIN)/python -m pytest tests/rasa/through_rasa.py -n 0

bench: $(VENV)/.ready-for-tests  ## benchmarks: ratios measured in one run
	$(BIN)/python -m pytest tests/bench/bench_engine.py -n 0 -s

bench-serve: $(VENV)/.ready-for-tests  ## the service's figures as a table, beside Rasa's
	$(BIN)/python -m tests.bench.bench_serve

bench-talks: $(VENV)/.ready-for-tests  ## simulated whole talks: ordinary ones handed over, serious ones missed
	$(BIN)/python -m tests.bench.bench_talks $(BENCH_TALKS)

bench-actions: $(VENV)/.ready-for-tests  ## the action server's figures, and what it adds to a turn of Rasa
	$(BIN)/python -m tests.bench.bench_actions

bench-rasa: $(VENV)/.ready-for-tests  ## the reader beside Rasa's DIET (about an hour; BENCH_RASA=--quick to try it out)
	$(BIN)/python -m tests.bench.nlu_vs_rasa $(BENCH_RASA)

bench-widget: $(VENV)/.ready-for-tests  ## the widget's timings in chromium, from click to panel and from send to answer
	$(BIN)/python -m tests.bench.bench_widget

shots: $(VENV)/.ready-for-tests  ## pictures of every state of the widget in build/shots, to look at
	$(BIN)/python -m tests.browser.shots

soak: $(VENV)/.ready-for-tests  ## half an hour under load (SOAK_MINUTES); fails when memory grows
	$(BIN)/python -m tests.bench.soak

clean:  ## remove the environment and caches
	rm -rf $(VENV) .venv-rasa .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist

# A set-up that stops half way leaves no stamp, so the next make starts it again.
$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Supple needs Python 3.11 or newer: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) (about a minute, once) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . >&2
	@touch $@

$(VENV)/.ready-for-tests: $(VENV)/.ready
	@echo "Adding what the tests need ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group test >&2
	@[ ! -x .ci/programs ] || .ci/programs </dev/null >&2 || true  # redis-server, nginx and chromium, where that is easy
	@touch $@
