# Himalia: what one can do here. `make help` lists it.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
BIN := .venv/bin
READY := .venv/.himalia-ready
NO_NETWORK := himalia: Python packages could not be installed (is there a network?); connect this machine and start again.

help: ## Say what can be done here
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

init: $(READY) ## Install what is missing (Debian 12 or 13, Ubuntu 24.04), make the virtual environment

$(READY): uv.lock pyproject.toml $(wildcard extensions/*/pyproject.toml) deploy/machine/prepare.sh
	@sh deploy/machine/prepare.sh
	@test -x $(BIN)/python || /usr/bin/python3 -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9 || { echo "$(NO_NETWORK)" >&2; exit 1; }
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/uv sync --quiet --locked --compile-bytecode || { echo "$(NO_NETWORK)" >&2; exit 1; }
	@touch $@

up: init ## Start Himalia with its demo; ARGS="--port 9000 --state DIR" are passed on
	@$(BIN)/himalia up $(ARGS)

fix: init ## Format the code and repair what can be repaired
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

lint: init ## Check style, types, import contracts, translations, generated files, the changelog
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases tests
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -q tests/unit/test_docs.py tests/unit/web/test_catalogs.py tests/unit/lab/test_words.py
	$(BIN)/python -m tests.changelog

test: test-unit test-service test-browser ## Run all tests that one machine can run

test-unit: init ## Run the tests that open no socket
	$(BIN)/pytest tests/unit

test-service: init ## Run the tests that start real processes
	@sh deploy/machine/prepare.sh tests
	$(BIN)/pytest tests/service

test-browser: init ## Run the tests that drive Chromium
	@sh deploy/machine/prepare.sh tests
	$(BIN)/pytest tests/browser

docs: init ## Write the generated pages of docs/reference
	$(BIN)/python -m docs.generate

schema: docs ## The same: the settings' schema is one of them

wheels: init ## Build every distribution's wheel into dist/
	$(BIN)/uv build --quiet --all-packages --wheel --out-dir dist

.PHONY: help init up fix lint test test-unit test-service test-browser docs schema wheels
