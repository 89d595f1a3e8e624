# Two commands for a newcomer: `make demo`, then `make test`.
# Everything is installed below this folder; `make clean` removes all of it.

.DEFAULT_GOAL := help
.PHONY: help demo test check bench docs format vsix clean
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# A Node that `.ci/node` had to fetch lies in the environment; the machine's own wins
# where it is new enough, which that script decides.
WITH_NODE := PATH="$$($(SHELL) .ci/node)$$PATH"

help: ## Show the targets.
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

demo: $(VENV)/.runtime ## Solve the examples without any model.
	@$(BIN)/python examples/demo.py

test: $(VENV)/.dev node_modules/.package-lock.json ## Run every test; installs what they need.
	@$(SHELL) .ci/system-packages
	@$(SHELL) .ci/newer-editors "$(CURDIR)/.editors"
	@$(MAKE) --no-print-directory check
	$(WITH_NODE) npm test --silent
	$(WITH_NODE) npm run --silent test:vscode
	$(BIN)/python -m pytest

check: $(VENV)/.dev node_modules/.package-lock.json ## Format, lint, types, layers, docs in sync.
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/pyright --warnings
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/test_repository.py
	$(WITH_NODE) npm run --silent check

bench: $(VENV)/.dev ## Run the benchmarks and print their tables.
	@$(SHELL) .ci/system-packages
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

docs: $(VENV)/.dev node_modules/.package-lock.json ## Write generated pages and settings again.
	$(BIN)/python tests/support/settings_page.py
	$(WITH_NODE) npm run --silent sync-settings
	$(WITH_NODE) npm run --silent sync-words

format: $(VENV)/.dev ## Format and apply safe lint fixes.
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

vsix: $(VENV)/.dev node_modules/.package-lock.json ## Package the VS Code extension.
	$(WITH_NODE) npm run --silent package

clean: ## Remove everything that was installed or built here.
	rm -rf $(VENV) .editors node_modules dist .vscode-test .pytest_cache .ruff_cache .hypothesis *.vsix

# What running needs, and pytest, which the examples' own tests use.
$(VENV)/.runtime: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --use-pep517 --editable . 'pytest>=9.0'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --use-pep517 --editable '.[dev]'
	@touch $@ $(VENV)/.runtime

$(VENV)/bin/python:
	@$(SHELL) .ci/environment $(VENV)

node_modules/.package-lock.json: package.json package-lock.json | $(VENV)/bin/python
	$(WITH_NODE) npm ci --silent --no-audit --no-fund
	@touch $@
