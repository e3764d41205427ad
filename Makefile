# `make` builds its own virtual environment in .venv and rebuilds it only when the pins change.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := ConfigChangesAlarmRule:.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export AWS_EC2_METADATA_DISABLED ?= true

.DEFAULT_GOAL := help
.PHONY: help setup evaluate test test-deep lint format bench pins docs clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/pins ## build the virtual environment

$(VENV)/pins: requirements/dev.txt
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not installed; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Building $(VENV) (once, and whenever the pins change) ..." >&2
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --requirement requirements/dev.txt
	@touch $@

evaluate: setup ## show the rule at work on an embedded AWS, or with PROFILE= and REGION= on a real account, read-only
	@$(BIN)/python -m demo.evaluate $(if $(PROFILE),--profile "$(PROFILE)") $(if $(REGION),--region "$(REGION)")

test: setup lint ## everything that must hold
	@$(BIN)/python -m pytest -n 2

test-deep: setup ## the long runs of the tests against the independent oracle
	@DEEP=1 $(BIN)/python -m pytest -n 2 tests/filter_pattern

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup ## format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: setup ## measure, side by side
	@$(BIN)/python -m benchmarks.coverage

docs: setup ## rewrite the pages that are made from the code
	@$(BIN)/python -m config_changes_alarm.findings > docs/findings.md

pins: setup ## resolve the dependencies anew
	@cd requirements && for name in lambda dev; do \
		../$(BIN)/pip-compile --quiet --upgrade --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
			--no-emit-trusted-host --no-emit-options --output-file $$name.txt $$name.in || exit 1; done

clean: ## remove what make has built
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
