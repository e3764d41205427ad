# `make` builds its own virtual environment in .venv and rebuilds it only when the pins change.
# The newest of the Pythons that the code supports; PYTHON= names another.
PYTHONS := python3.13 python3.12 python3.11
PYTHON ?= $(firstword $(foreach python,$(PYTHONS),$(shell $(python) -c 'print("$(python)")' 2>/dev/null)) python3)
VENV ?= .venv
BIN := $(VENV)/bin
export PYTHONPATH := ConfigChangesAlarmRule:.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
TOOLS ?= build/tools
WHEELS := build/wheels
EMULATOR := build/emulator
CHECKS := build/checks
CDK := build/cdk
export AWS_EC2_METADATA_DISABLED ?= true

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup evaluate test test-deep test-lambda test-deploy lint format bench bench-prowler package upload deploy \
	verdict undeploy templates pins docs runbook clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/pins ## build the virtual environment

$(VENV)/pins: requirements/dev.txt
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not installed; set PYTHON=/path/to/python, 3.11 or newer" >&2; exit 1; }
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
	@DEEP=1 $(BIN)/python -m pytest -n 2 tests/filter_pattern tests/proof tests/account \
		tests/config_changes_alarm_cli tests/deployments tests/remediation/test_agreement.py

test-lambda: setup package $(EMULATOR)/pins ## the packages in AWS's own Lambda emulator
	@$(BIN)/python -m pytest -m built tests/deploy/test_lambda.py

test-deploy: setup package $(CHECKS)/pins $(CDK) ## the roles, RDK and the stacks, deployed to the embedded AWS
	@$(BIN)/python -m pytest -n 2 -m built tests/deploy --ignore tests/deploy/test_lambda.py

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup ## format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: setup package ## measure, side by side
	@$(BIN)/python -m benchmarks.coverage
	@$(BIN)/python -m benchmarks.growth
	@$(BIN)/python -m benchmarks.evaluation
	@$(BIN)/python -m benchmarks.controls

bench-prowler: setup ## the same beside Prowler, in an environment of its own (2.3 GB in build/)
	@$(BIN)/python -m benchmarks.evaluation --prowler

package: $(WHEELS)/pins ## build the rule's zip and its layer in dist/
	@$(TOOLS)/bin/python -m deploy.package

# What upload says is read by scripts: what packaging says goes to where people look.
upload: $(WHEELS)/pins ## put the packages into BUCKET= (of this account, or of OWNER=), for CloudFormation
	@$(TOOLS)/bin/python -m deploy.package >&2
	@$(TOOLS)/bin/python -m deploy.upload "$(BUCKET)" "$(OWNER)"

deploy: package ## deploy with RDK what rdk_config.json says; with DRY_RUN=true only print what would be called
	@$(TOOLS)/bin/python -m deploy.rdk_deployment deploy --dry-run "$(DRY_RUN)"

verdict: $(TOOLS)/pins ## start the rule's evaluation and show the verdict, after make deploy
	@$(TOOLS)/bin/python -m deploy.verdict

undeploy: package ## remove what make deploy has made
	@$(TOOLS)/bin/python -m deploy.rdk_deployment undeploy --dry-run "$(DRY_RUN)"

# Packaging and deploying need a fraction of what the tests need: an environment of its own, built when first used.
$(TOOLS)/pins: requirements/deploy.txt
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not installed; set PYTHON=/path/to/python, 3.11 or newer" >&2; exit 1; }
	@echo "Building $(TOOLS) (once, and whenever the pins change) ..." >&2
	@rm -rf $(TOOLS) && mkdir -p build
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --require-hashes --requirement requirements/deploy.txt
	@touch $@

$(WHEELS)/pins: requirements/lambda.txt $(TOOLS)/pins
	@rm -rf $(WHEELS)
	@$(TOOLS)/bin/python -m pip download --quiet --require-hashes --no-deps --only-binary :all: \
		--requirement requirements/lambda.txt --dest $(WHEELS)
	@touch $@

# checkov has a hundred dependencies of its own; CDK comes from npm, and is left out where there is none.
$(CHECKS)/pins: requirements/checks.txt
	@echo "Building $(CHECKS) (once, and whenever the pins change) ..." >&2
	@rm -rf $(CHECKS) && mkdir -p build
	@$(PYTHON) -m venv $(CHECKS)
	@$(CHECKS)/bin/python -m pip install --quiet --require-hashes --requirement requirements/checks.txt
	@touch $@

$(CDK):
	@if command -v npm >/dev/null; then \
		npm install --silent --no-save --no-package-lock --prefix $@ aws-cdk-lib@2.276.0 constructs@10.8.1; \
	else echo "make: npm is not installed, so CDK is not tried" >&2; fi

$(EMULATOR)/pins: requirements/emulator.txt $(TOOLS)/pins
	@rm -rf $(EMULATOR)
	@$(TOOLS)/bin/python -m pip download --quiet --require-hashes --no-deps \
		--requirement requirements/emulator.txt --dest $(EMULATOR)
	@$(TOOLS)/bin/python -m deploy.emulator $(EMULATOR)
	@touch $@

runbook: setup ## make the runbook and its stack from their sources
	@$(BIN)/python -m remediation.build

templates: setup ## rewrite the templates and the conformance packs
	@$(BIN)/python -m deploy.templates

docs: setup ## rewrite the pages that are made from the code
	@$(BIN)/python -m documentation.pages

pins: setup ## resolve the dependencies anew
	@cd requirements && export CUSTOM_COMPILE_COMMAND="make pins" && for name in lambda dev deploy checks; do \
		hashes=$$([ $$name = dev ] || echo --generate-hashes); \
		../$(BIN)/pip-compile --quiet --upgrade --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
			--no-emit-trusted-host --no-emit-options $$hashes --output-file $$name.txt $$name.in || exit 1; done

clean: ## remove what make has built
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
