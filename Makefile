# Everything one does with Lianxin. `make` or `make help` lists it.
SHELL := /bin/bash
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all:
PYTEST := $(PY) -m pytest
SUITE := --ignore=tests/journeys -n auto
PROD := DJANGO_SETTINGS_MODULE=lianxin.config.settings.production \
	LIANXIN_SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(64))") \
	LIANXIN_ALLOWED_HOSTS=union.example

.DEFAULT_GOAL := help
.PHONY: help run test browser test-sqlite test-postgres test-spark journeys bulk check bench bench-peers drill audit lock messages reference clean
.DELETE_ON_ERROR:

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.base ## Start Lianxin with the demo federation on http://127.0.0.1:8000 (LIANXIN_PORT, LIANXIN_DATABASE_URL)
	@$(PY) -m tools.messages compile --quiet
	@exec $(PY) manage.py serve --prepare --demo

test: test-sqlite test-postgres journeys ## The whole suite on SQLite, again on PostgreSQL, and the journeys in Chromium

test-sqlite: .venv/.test browser ## The suite on SQLite
	$(PYTEST) $(SUITE)

test-postgres: .venv/.test ## The suite on a throw-away PostgreSQL, but for what pages look like
	$(PY) -m tools.pg run -- $(PYTEST) $(SUITE) --ignore=tests/house -m "not looks"

test-spark: .venv/.test .venv/.spark ## The rules on Apache Spark, alone and with two workers (not part of make test: 500 MB)
	@$(PY) -m tools.java
	for part in on_spark on_spark_members on_spark_cluster; do $(PYTEST) lianxin/eligibility/tests/$$part.py || exit 1; done

journeys: .venv/.test browser ## The stories of tests/journeys in a real browser
	$(PYTEST) tests/journeys -n auto

browser: .venv/.test
	@$(PY) -m tools.browser > /dev/null

check: .venv/.test ## Linter, types, import contracts, templates, both languages, migrations, deploy checks, house tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	.venv/bin/djade --check --target-version 5.2 $$(git ls-files 'lianxin/*/templates/*.html')
	$(PY) -m tools.messages compile --quiet
	$(PY) -m tools.messages check
	@$(PROD) $(PY) manage.py check --deploy --fail-level WARNING
	DJANGO_SETTINGS_MODULE=lianxin.config.settings.test $(PY) manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=lianxin.config.settings.test $(PY) manage.py catalogue_check
	DJANGO_SETTINGS_MODULE=lianxin.config.settings.test $(PY) manage.py policy_check
	$(PYTEST) tests/house

bench: .venv/.test ## Every claim of speed, measured: one file a claim in bench/
	$(PY) -m bench

bench-peers: ## Install what bench/eligibility measures against (OpenFisca, in an environment of its own)
	@test -d .peers || python3 -m venv .peers
	@.peers/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: -r requirements/bench.txt

drill: .venv/.test ## Backup, destroy, restore, compare: on SQLite and on PostgreSQL
	env -u LIANXIN_DATABASE_URL $(PY) -m tools.drill
	$(PY) -m tools.pg run -- $(PY) -m tools.drill

audit: .venv/.test ## Lighthouse over the main pages (the only thing that needs Node)
	$(PY) -m tools.audit

lock: .venv/bin/python ## Pin requirements/*.in with hashes
	$(PY) -m pip install --quiet --disable-pip-version-check 'uv==0.13.9'
	for set in base bench bulk spark test; do .venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 requirements/$$set.in -o requirements/$$set.txt; done

bulk: .venv/.bulk ## Install the engine of policies_match, for a machine without the tests' packages

messages: .venv/.base ## Show what has no Chinese yet, compile the rest
	@$(PY) -m tools.messages compile
	@$(PY) -m tools.messages extract --missing

reference: .venv/.test ## Write docs/reference from the code
	$(PY) -m tools.reference

clean: ## Remove the demo's data (var/); the virtual environment stays
	rm -rf var

.venv/bin/python:
	python3 -m venv .venv

.venv/.base: requirements/base.txt | .venv/bin/python
	@echo "Installing what Lianxin needs (only this once) …"
	@$(PIP) -r requirements/base.txt
	@touch $@

.venv/.test: requirements/test.txt requirements/base.txt | .venv/bin/python
	@echo "Installing what the tests need (only this once) …"
	@$(PIP) -r requirements/test.txt
	@touch .venv/.base $@

.venv/.bulk: requirements/bulk.txt .venv/.base
	@$(PIP) -r requirements/bulk.txt
	@touch $@

.venv/.spark: requirements/spark.txt .venv/.base
	@echo "Installing Apache Spark (only this once; it is large) …"
	@$(PIP) --no-binary pyspark -r requirements/spark.txt
	@touch $@
