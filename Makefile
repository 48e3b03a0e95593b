# Everything a fresh machine needs is made by these targets: Python 3.11+, Node 20+ and make are enough.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test check format schema evaluate bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --editable '.[dev,cdk]'
	@touch $@

.venv/ministack/installed: cdk/local/requirements.txt .venv/installed
	$(PYTHON) -m venv .venv/ministack
	.venv/ministack/bin/pip install --quiet --disable-pip-version-check --no-compile --requirement $<
	@touch $@

node_modules/installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

run: .venv/installed node_modules/installed ## the service on its local engine, with GraphiQL
	$(BIN)/python server.py

test: .venv/installed .venv/ministack/installed node_modules/installed ## everything the tests need, then the tests
	$(BIN)/pytest -n 2 --dist loadgroup --cov

check: .venv/installed ## what a reviewer runs first: format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/installed ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove what the targets made, but not .data
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache cdk.out
