# Everything a fresh machine needs is made by these targets: Python 3.11+, Node 20+ and make are enough.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run recount chromium test check format schema docs evaluate bench synth deploy destroy deploy-local stop-local types clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What a start loads is compiled here, so that the first one is quick too; the rest, which takes a minute, is not.
.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --editable '.[dev,cdk]'
	$(BIN)/python -m compileall -q application.py datastore recount.py resolvers schema server.py settings.py transport
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

recount: .venv/installed ## what users have, counted again, and their quotas put right
	$(BIN)/python recount.py

chromium: .venv/installed # for the browser tests; nothing to do where there is one
	PYTHON=$(BIN)/python tests/browser/install_chromium.sh

# What goes through tests/api.py; it is run again by graphql-core, without our plans (KV_EXECUTION), in two minutes.
BY_EITHER_EXECUTION = tests/schema tests/docs/test_accounts.py tests/test_allowed_documents.py \
	--ignore tests/schema/compiled --ignore tests/schema/scalars

test: .venv/installed .venv/ministack/installed node_modules/installed chromium ## everything the tests need, then the tests
	$(BIN)/pytest -n 2 --dist loadfile --cov
	TEST_EXECUTION=reference $(BIN)/pytest -n 2 --dist loadfile -m "not slow" $(BY_EITHER_EXECUTION)

check: .venv/installed ## what a reviewer runs first: format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/installed ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: .venv/installed ## schema.graphql from the code
	$(BIN)/python -c "from schema import build, sdl; sdl.main(build.build_schema)"

docs: .venv/installed ## the README's tables from the code
	$(BIN)/python -m docs.tables

FUNCTION ?= request
evaluate: .venv/installed ## one resolver from a JSON context, offline; FIELD=Query.key CONTEXT=file.json FUNCTION=response STEP=1
	@$(BIN)/python -m resolvers.evaluation "$(FIELD)" "$(CONTEXT)" --function "$(FUNCTION)" --step "$(STEP)"

# ARGS="-c certificateArn=… -c domainName=…" adds the service; docs/deploy.md explains.
ENVIRONMENT ?= dev
LOCAL_PORT ?= 4566
CDK_CLI = cd cdk && JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20 ../node_modules/.bin/cdk

synth: .venv/installed node_modules/installed ## the CloudFormation templates of ENVIRONMENT, in cdk.out/
	$(CDK_CLI) synth --quiet --no-notices --context environment=$(ENVIRONMENT) $(ARGS)

deploy: .venv/installed node_modules/installed ## ENVIRONMENT's tables, alarms and service to the AWS account in use
	$(CDK_CLI) deploy --all --context environment=$(ENVIRONMENT) $(ARGS)

destroy: .venv/installed node_modules/installed ## ENVIRONMENT's stacks; prod keeps its tables
	$(CDK_CLI) destroy --all --context environment=$(ENVIRONMENT) $(ARGS)

deploy-local: ENVIRONMENT = prod # its tables have the names that a server looks for by default
deploy-local: .venv/installed .venv/ministack/installed node_modules/installed ## the tables on an emulator that goes on running
	$(BIN)/python -m cdk.local.deploy --environment $(ENVIRONMENT) --port $(LOCAL_PORT)

stop-local: .venv/installed ## the end of that emulator and of what is on it
	$(BIN)/python -m cdk.local.stop

types: .venv/installed ## dynamodb-types.ts from the entities
	$(BIN)/python -m datastore.typescript dynamodb-types.ts

ROUNDS ?= 5
SECONDS ?= 3
bench/node_modules/installed: bench/package.json bench/package-lock.json
	cd bench && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

bench: .venv/installed node_modules/installed bench/node_modules/installed ## what a request costs here and elsewhere; ROUNDS=5 SECONDS=3
	$(BIN)/python -m bench --rounds $(ROUNDS) --seconds $(SECONDS)

clean: ## remove what the targets made, but not .data
	rm -rf .venv node_modules bench/node_modules .mypy_cache .pytest_cache .ruff_cache cdk.out
