# Every target sets up what it needs; the default one prints this help.
.DEFAULT_GOAL := help
.PHONY: help setup demo kafka-up kafka-down test check fix soak mutation bench bench-streams release-facts docs screens lock clean
SHELL := /bin/bash

# the system's own Python, if it is new enough and can make a venv: distributors build theirs with optimisations, others often
# do not (docs/reference/figures.md); one that was activated goes first, and PYTHON= before all
SUITS := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
ACTIVATED := $(VIRTUAL_ENV)$(CONDA_PREFIX)
PYTHON ?= $(if $(ACTIVATED),python3,$(shell /usr/bin/python3 -c '$(SUITS)' 2>/dev/null && echo /usr/bin/python3 || echo python3))
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup
DEV := $(VENV)/.setup-dev

help: ## show this help
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(SETUP) ## make .venv with the kette command, and fetch what the pages need

$(VENV)/bin/uv: requirements-setup.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kette needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version)"; exit 1; }
	@echo "Python: $$($(PYTHON) -c 'import sys; print(sys.version.split()[0], sys.executable)')"
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "the module venv is missing; install it (Debian: apt-get install python3-venv) and call make again"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-setup.lock
	@touch $@

$(SETUP): $(VENV)/bin/uv requirements.lock pyproject.toml package-lock.json
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@$(BIN)/python -m web.fetch_assets
	@touch $@

$(DEV): $(SETUP) requirements-dev.lock infra/broker/jars.sha256 docs/asyncapi/package-lock.json tests/verify/package-lock.json
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@bash tests/install_browser.sh
	@bash tests/install_java.sh
	@bash tests/install_postgres.sh
	@bash tests/install_npm.sh docs/asyncapi
	@bash tests/install_npm.sh tests/verify
	@$(BIN)/python -m web.fetch_assets
	@touch $@

demo: $(SETUP) ## start a demo municipality on http://127.0.0.1:8000; MUNICIPALITY=unna, else Herne
	@exec $(BIN)/kette demo $(if $(MUNICIPALITY),--municipality '$(MUNICIPALITY)')

kafka-up: $(SETUP) ## start Kafka on 127.0.0.1:9092, data in a folder; NODES=3, KAFKA_PORT=9192
	@$(BIN)/python -m infra.broker up --nodes $(or $(NODES),1) --port $(or $(KAFKA_PORT),9092)

kafka-down: $(SETUP) ## stop it; the data stays
	@$(BIN)/python -m infra.broker down

test: $(DEV) ## lint, types, architecture and every test, on real servers
	@$(MAKE) --no-print-directory check
	@bash tests/newest_python.sh
	$(BIN)/pytest -m "not soak" --durations=10

check: $(DEV) ## lint, types and architecture only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry .

fix: $(DEV) ## format, and repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

soak: $(DEV) ## the long runs, and mutation
	$(BIN)/pytest -m soak -s
	@$(MAKE) --no-print-directory mutation

mutation: $(DEV) ## put small faults into the chain and count what the tests notice; SAMPLE=600, SEED=1, ALL=1, AGAIN=1
	$(BIN)/python -m tests.mutation --sample $(if $(ALL),0,$(or $(SAMPLE),600)) --seed $(or $(SEED),1) $(if $(AGAIN),--go-on)

bench: $(DEV) ## measure against the named peers and print one table
	$(BIN)/python -m bench

bench-streams: $(DEV) ## the same for the streams, on a real Kafka
	$(BIN)/python -m bench --only streams

release-facts: $(DEV) ## after a fact changed: keep its form readable for ever
	$(BIN)/python -m infra.release

docs: $(DEV) ## write the generated reference under docs/reference
	$(BIN)/python -m kette.reference docs/reference
	PATH="$$PATH:$(BIN)" node docs/asyncapi/asyncapi.mjs draw docs/reference/asyncapi.yaml docs/reference/streams.md

screens: $(DEV) ## draw the screenshots under docs/screens, while `make demo` runs; of MUNICIPALITY in a folder of its own
	$(BIN)/python -m bench.screenshots http://127.0.0.1:8000 docs/screens$(if $(MUNICIPALITY),/$(MUNICIPALITY) 1440)

lock: $(VENV)/bin/uv ## pin every dependency anew, with hashes
	for group in "requirements.lock" "requirements-dev.lock --group dev"; do \
	  set -- $$group; out=$$1; shift; \
	  $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header -q $$@ -o $$out; \
	done
	for name in setup node java; do \
	  $(BIN)/uv pip compile requirements-$$name.in --universal --generate-hashes --no-emit-index-url --no-header -q -o requirements-$$name.lock; \
	done

clean: ## remove what make made here; data folders stay
	rm -rf $(VENV) .venv-newest node_modules docs/asyncapi/node_modules tests/verify/node_modules web/static/lib mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
