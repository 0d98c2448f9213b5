# Appraisal of branches. `make` lists the targets; .venv holds what is locked in requirements/.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1; then echo $$p; break; fi; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=
export NO_MKDOCS_2_WARNING := 1
# Where it is set, each of the many processes that tests start would compile the whole program anew.
export PYTHONDONTWRITEBYTECODE :=

# What tests need beside Python: Lighthouse, the Nu HTML checker, Pyodide and TypeScript, locked in tests/web.
WEB := tests/web
WEB_STAMP := $(if $(shell command -v npm 2>/dev/null),$(WEB)/node_modules/stamp)

# What the form runs in a browser: Pyodide, locked in site_templates/engine, packed beside the program.
ENGINE := build/engine
RUNTIME := generator/site/form/runtime
RUNTIME_STAMP := $(if $(shell command -v npm 2>/dev/null),$(RUNTIME)/NOTICE.txt)

# Where tests write: in memory, if there is room.
IN_ROOM := env $$($(BIN)/python -m tests.room)

.PHONY: help install engine wheel site fast test test-long lint check serve bench bless catalogue schema screenshots mutants lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/site.stamp: requirements/site.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/site.txt
	$(PIP) install --no-deps --no-build-isolation --no-index --config-settings editable_mode=compat -e .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/site.stamp
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

# Without it, its tests are skipped with a message, and fail in CI.
$(WEB)/node_modules/stamp: $(WEB)/package-lock.json
	cd $(WEB) && npm ci --silent && touch node_modules/stamp || echo "npm could not install $(WEB)" >&2

install: $(VENV)/site.stamp ## install the program with what is locked

engine: $(RUNTIME)/NOTICE.txt ## fetch and pack what the form in the browser runs (needs npm)

$(RUNTIME)/NOTICE.txt: site_templates/engine/package-lock.json generator/site/form/engine.py | $(VENV)/site.stamp
	mkdir -p $(ENGINE)
	cp site_templates/engine/package.json site_templates/engine/package-lock.json site_templates/engine/.npmrc $(ENGINE)
	cd $(ENGINE) && npm ci --silent
	$(BIN)/python -m generator.site.form.engine $(ENGINE)/node_modules/pyodide

wheel: $(VENV)/site.stamp $(RUNTIME_STAMP) ## make the wheel into dist/, the engine of the form in it
	$(PIP) wheel --no-deps --no-build-isolation --no-index --wheel-dir dist .

site: $(VENV)/site.stamp ## build the sample into site/
	$(BIN)/appraise build $(ARGS)

fast: $(VENV)/test.stamp ## run what tells most, soonest: tests/README.md
	$(IN_ROOM) $(BIN)/python -m pytest --numprocesses auto -m 'not slow and not long' $(ARGS)

test: $(VENV)/test.stamp $(WEB_STAMP) $(RUNTIME_STAMP) ## run all that a change must pass
	$(IN_ROOM) $(BIN)/python -m pytest --numprocesses auto $(ARGS)

test-long: $(VENV)/test.stamp $(WEB_STAMP) $(RUNTIME_STAMP) ## run everything, before a release
	$(BIN)/python -m tools.screenshots
	$(IN_ROOM) $(BIN)/python -m pytest --numprocesses auto -m 'long or not long' --hypothesis-profile searching $(ARGS)

lint: $(VENV)/test.stamp $(WEB_STAMP) ## ruff, mypy and tsc, strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	if [ -e $(WEB)/node_modules/.bin/tsc ]; then $(WEB)/node_modules/.bin/tsc --project $(WEB); fi

check: $(VENV)/site.stamp ## validate the data
	$(BIN)/appraise check $(ARGS)

serve: $(VENV)/site.stamp ## preview the site, reloading on every edit
	$(BIN)/appraise serve $(ARGS)

bench: $(VENV)/test.stamp ## measure every step on synthetic repositories
	$(BIN)/python -m benchmarks $(ARGS)

bless: $(VENV)/test.stamp ## write anew what the example files expect
	$(BIN)/python -m tests.bless

catalogue: $(VENV)/test.stamp ## collect texts for the English catalogue
	$(BIN)/python -m tools.catalogue

schema: $(VENV)/site.stamp ## write the JSON Schemas to schemas/
	$(BIN)/appraise schema --output schemas

screenshots: $(VENV)/test.stamp ## picture each kind of page of the sample into screenshots/
	$(BIN)/python -m tools.screenshots $(ARGS)

$(VENV)/mutants.stamp: requirements/mutants.txt $(VENV)/test.stamp
	$(PIP) install --require-hashes -r requirements/mutants.txt
	@touch $@

mutants: $(VENV)/mutants.stamp ## put faults into scoring, methods, ranking and guard; the tests must notice
	$(BIN)/python -m tools.mutants $(ARGS)

lock: ## resolve the dependencies anew (needs the package uv)
	uv pip compile pyproject.toml --extra build --universal --generate-hashes --no-emit-index-url \
		--no-header --python-version 3.11 --quiet -o requirements/site.txt
	uv pip compile pyproject.toml --extra build --extra test --universal --generate-hashes \
		--no-emit-index-url --no-header --python-version 3.11 --quiet -o requirements/test.txt
	uv pip compile pyproject.toml --extra build --extra test --extra mutants --universal \
		--generate-hashes --no-emit-index-url --no-header --python-version 3.11 --quiet \
		-o requirements/mutants.txt

clean: ## remove what was built
	rm -rf $(VENV) $(RUNTIME) site schemas screenshots build dist $(WEB)/node_modules *.egg-info
