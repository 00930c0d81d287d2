# make demo   the sample articles → a graph → a page            make test   everything that is checked
# make lint   style, types, layers, dead code                   make bench  speed, beside floors measured in the same run
# make docs   the generated references                          make page-bundle   the page's script, from frontend/
# make parity every question on every engine, and how fast      make neo4j  what the tests on a real Neo4j need

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE := demo/store
SHELL := /bin/bash

.PHONY: demo test lint bench docs check-docs lock page-bundle check-page-bundle wheel chromium neo4j parity clean

demo: $(VENV)/.run
	@mkdir -p demo
	$(BIN)/accordgraph build articles/ --store $(STORE)
	COLUMNS=$${COLUMNS:-100} $(BIN)/accordgraph ask what-was-signed -p party=Thailand -p crime="call-center scam" --store $(STORE)
	$(BIN)/accordgraph page -o demo/graph.html --store $(STORE)
	@echo "Open demo/graph.html in a browser and click an edge."

test: $(VENV)/.dev chromium neo4j lint check-docs check-page-bundle
	$(BIN)/python -m pytest -n 2 --dist loadgroup
	$(MAKE) --no-print-directory wheel

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/vulture

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.readers

parity: $(VENV)/.dev neo4j
	$(BIN)/python -m tools.parity --write

docs: $(VENV)/.dev
	$(BIN)/python tools/docs.py
	$(BIN)/python tools/countries.py
	$(BIN)/python tools/scheme.py

check-docs: $(VENV)/.dev
	$(BIN)/python tools/docs.py --check
	$(BIN)/python tools/countries.py --check
	$(BIN)/python tools/scheme.py --check

# The bundle is committed; where there is npm it is built again and must come out the same.
page-bundle:
	cd frontend && npm ci --no-audit --no-fund && npm run build

check-page-bundle: $(VENV)/.dev
	tools/check-page-bundle

wheel: $(VENV)/.dev
	tools/check-wheel

chromium:
	tools/provide-chromium

# Two releases of a real Neo4j for the tests, from Maven jars; `python -m tools.neo4j_server run` starts one by hand.
# Without Maven, a Java new enough or a container engine their tests skip; in CI that is a failure.
neo4j: $(VENV)/.dev
	$(BIN)/python -m tools.neo4j_server provide || [ "$${CI:-}" != true ]

lock: $(VENV)/.dev
	tools/lock

clean:
	rm -rf demo dist build .tools

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.lock pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
