# Everything that is done with this repository, by name. `make` alone explains.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python

.PHONY: help run test check bench nightly reliability messages lock guards fast clean

help: ## this list
	@echo "Shouwang 守望: what can be done here"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  PORT=8000             the port of make run"
	@echo "  SHOUWANG_HOME=./var   where the database, files and keys are kept"
	@echo "  docs/settings.md      every other setting"

run: ## start the demo neighbourhood on http://localhost:PORT (installs itself the first time)
	@sh tools/setup run
	@exec .venv/bin/shouwang demo

test: ## everything: checks, the marked tests on PostgreSQL, then all tests on SQLite
	@sh tools/setup test
	@sh tools/check
	@sh tools/test

check: ## lint, types, floors and furniture, templates, translations (no tests)
	@sh tools/setup check
	@sh tools/check

fast: ## the tests without browser and PostgreSQL, e.g. make fast ONLY=shouwang/help
	@sh tools/setup check
	@$(PY) -m pytest -n 2 -m "not browser and not slow" $(ONLY)

guards: ## only the tests that hold the house in shape
	@sh tools/setup check
	@$(PY) -m pytest -n 2 tests/guards

bench: ## measure the main pages and writes; table on screen, figures in SHOUWANG_HOME/bench.json
	@sh tools/setup run
	@.venv/bin/shouwang bench

nightly: ## the long trials: the whole suite with many more examples and the slow tests
	@sh tools/setup test
	@sh tools/check
	@sh tools/test nightly

reliability: ## write docs/reliability.md from what the trials counted when they last ran
	@$(PY) tools/reliability.py

messages: ## enter new sentences in the translation files and compile them
	@sh tools/setup check
	@$(PY) tools/translations.py extract
	@$(PY) tools/translations.py compile

lock: ## write the two lock files anew from pyproject.toml (needs uv)
	@sh requirements/compile.sh

clean: ## remove what was built (not SHOUWANG_HOME)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results staticfiles
	@find shouwang \( -name '*.mo' -o -name __pycache__ \) -prune -exec rm -rf {} +
