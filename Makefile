# Every target makes its own set-up; the targets are listed by `make` alone.
.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
DEMO := warehouse/demo
DEMO_HOME := CROWDTAPE_HOME=$(DEMO) CROWDTAPE_START_DAY=2024-06-01 # the sample's first month: no square for a day without texts
PORT ?= 3000
WORKERS = $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)') # some tests wait for others' processes
export PYTHONUTF8 := 1
export PYTHONPATH := $(CURDIR)
export Q FILE CSV TO FROM AUTHOR SOURCE QUERY DAY

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@echo "setting up .venv from requirements.lock (once) …"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

demo: $(READY) ## run the whole pipeline on the bundled sample, in warehouse/demo/
	@$(BIN)/python -m warehouse.sample $(DEMO)/inbox
	@$(DEMO_HOME) $(BIN)/python -m pipelines.demo

ui: $(READY) ## the Dagster UI on http://127.0.0.1:3000 (PORT=3001 for another)
	@mkdir -p .dagster && $(BIN)/dg dev --host 127.0.0.1 --port $(PORT)

demo-ui: $(READY) ## the same on the demo's data and history
	@$(DEMO_HOME) DAGSTER_HOME=$(CURDIR)/$(DEMO) $(BIN)/dg dev --host 127.0.0.1 --port $(PORT)

sql: $(READY) ## ask the published database in SQL (DB=file for another, Q="select …" or FILE=warehouse/queries/… for one question, CSV=file for a spreadsheet)
	@$(BIN)/python -m pipelines.sql $(if $(DB),--database "$(DB)") $${CSV:+--csv "$$CSV"} $${FILE:+--file "$$FILE"} $${Q:+"$$Q"}

export: $(READY) ## every mart as Parquet, and panels for alphalens and vectorbt (TO=folder, DB=file for another database)
	@$(BIN)/python -m pipelines.export $(if $(DB),--database "$(DB)") "$$TO"

publish: $(READY) ## write the published database anew, where it is missing, broken or old
	@$(BIN)/python -m pipelines.publishing

backup: $(READY) ## database, landing and crowdtape.toml as one file (TO=file.tar.zst, or a folder)
	@$(BIN)/python -m pipelines.backup "$$TO"

restore: $(READY) ## bring a backup back (FROM=file.tar.zst); the database that is there is kept beside it
	@$(BIN)/python -m pipelines.restore "$$FROM"

try: $(READY) ## ask a live service once and show ten rows, writing nothing (SOURCE=hackernews QUERY=micron, and a DAY)
	@$(BIN)/python -m pipelines.try_source $${SOURCE:+"$$SOURCE"} $${QUERY:+"$$QUERY"} $${DAY:+--day "$$DAY"}

forget: $(READY) ## remove an author's texts everywhere and keep them out (AUTHOR=source:handle)
	@$(BIN)/python -m pipelines.forget "$$AUTHOR"

test: lint ## lint, then the whole test suite
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: lint ## the same with the slow and exhaustive profiles
	@HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

screenshots: $(READY) ## take the README's pictures of the UI anew, over the demo's data (needs Chromium)
	@$(BIN)/python -m docs.ui.take

docs: $(READY) ## write docs/warehouse.md anew, from the comments in the database
	@$(BIN)/python -m docs.tables

answers: $(READY) ## write the sample's answers into warehouse/queries anew (after `make demo`)
	@$(BIN)/python -m pipelines.queries $(DEMO)/published.duckdb

lint: $(READY) ## ruff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

bench: $(READY) ## measure speed, memory and accuracy; prints, asserts nothing
	@$(BIN)/python -m benchmarks

audit: $(READY) ## ask the package index for known holes in the locked packages; one it does not know fails, too
	@$(BIN)/python -m venv .venv/audit && .venv/audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	@.venv/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

lock: $(READY) ## resolve requirements.lock again (needs uv)
	@uv pip compile pyproject.toml --group dev --constraint constraints.txt --universal --generate-hashes \
		--no-strip-extras --python-version 3.11 --no-emit-index-url --no-header --quiet -o requirements.lock
	@sed -i 's/^lxml\[html-clean\]==/lxml[html_clean]==/' requirements.lock # pip 23 knows an extra by one spelling only

.PHONY: help demo demo-ui ui sql export publish backup restore try forget test test-all screenshots docs answers lint bench audit lock
