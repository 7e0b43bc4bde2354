# inspire_lms. A second call of anything costs nothing.
.DEFAULT_GOAL := help
.PHONY: help setup run demo test check lint bench words revision lock wheel clean

V := .venv
BIN := $(V)/bin
PYTHON ?= python3
PORT ?= $(or $(INSPIRE_PORT),8000)
STAGE ?= teaching
SEED ?= 2026
COMPONENT ?=

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: $(V)/.run ## a pilot with sample people; STAGE=call|selection|teaching|closing|over, PORT=8000, SEED=2026
	@$(BIN)/inspire-lms demo --stage $(STAGE) --port $(PORT) --seed $(SEED)

run: $(V)/.run ## your own instance on PORT; the first start asks for the first administrator
	@$(BIN)/inspire-lms serve --port $(PORT)

test: $(V)/.dev ## everything: rules, pages, journeys, house, browser; SQLite and PostgreSQL. ONLY=path narrows
	@sh tests/tools.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --postgres --durations=10 $(ONLY)

check: $(V)/.dev lint ## ruff, mypy strict and the tests about the house
	@$(BIN)/mypy
	@MYPYPATH=bench $(BIN)/mypy bench/*.py
	@$(BIN)/python -m pytest -q tests/house

lint: $(V)/.dev ## ruff alone
	@$(BIN)/ruff check .

bench: $(V)/.dev ## statements and milliseconds of each operation, for 60 and 500 people, on both databases
	@$(BIN)/python bench/run.py

words: $(V)/.dev ## gather the words to translate into translations/; COMPONENT=webinar for one
	@$(BIN)/python translations/words.py $(COMPONENT)

revision: $(V)/.run ## a migration from the models; NAME=webinar SAYS="webinars have a place"
	@$(BIN)/inspire-lms revision $(NAME) "$(SAYS)"

wheel: $(V)/.dev ## the package as a wheel, in dist/
	@$(BIN)/uv build -q --wheel --no-build-isolation --python $(BIN)/python

lock: $(V)/.uv ## requirements/*.in to *.txt: versions and hashes, no address
	@cd requirements && for list in uv run dev; do ../$(BIN)/uv pip compile -q --no-config --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade -o $$list.txt $$list.in || exit 1; done

clean: ## takes away the environment and what tools left behind
	rm -rf $(V) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .bench

setup: $(V)/.dev ## the environment for developers, without starting anything

# uv and the builder of our own package come through pip, pinned; uv installs the rest.
$(V)/.uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "inspire_lms needs Python 3.11 or newer.")'
	@$(PYTHON) -m venv $(V)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(V)/.run: $(V)/.uv requirements/run.txt pyproject.toml
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-build --require-hashes -r requirements/run.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(V)/.dev: $(V)/.run requirements/dev.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-build --require-hashes -r requirements/dev.txt
	@touch $@
