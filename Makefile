# Every target with a "##" comment is listed by `make help`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help

help:  ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 14

$(VENV)/installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Brobot needs Python 3.11 or newer: make PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

install: $(VENV)/installed  ## Everything the project needs, into .venv

demo: $(VENV)/installed  ## Bot, worker, database and a stand-in Slack on this machine, with a page to try them on
	$(BIN)/brobot demo

test: check $(VENV)/installed  ## Lint, types, contracts and all tests
	$(BIN)/pytest --numprocesses auto --dist loadfile

torture: $(VENV)/installed  ## Everything that can go wrong, at full length (some 14 minutes); renews PROMISES.md
	mkdir -p build && rm -f build/figures.jsonl
	$(BIN)/pytest tests/torture --full --figures build/figures.jsonl --numprocesses 3 --dist worksteal
	$(BIN)/python -m tests.promises build/figures.jsonl

bench: $(VENV)/installed  ## How fast it is beside the least it can cost (some minutes); renews benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks --write

check: $(VENV)/installed  ## Lint, types and import contracts only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/installed  ## Let ruff lay out the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/installed  ## Renew both lock files from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock

audit: $(VENV)/installed  ## Known vulnerabilities in what requirements.lock installs (asks PyPI; OFFLINE_OK=1: no matter if it is away)
	$(BIN)/python -m tests.audit $(if $(OFFLINE_OK),--offline-ok)

sbom: $(VENV)/installed  ## The list of all parts (CycloneDX) into build/sbom.json
	mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json

catalogue: $(VENV)/installed  ## Bring the Swedish catalogue up to date with the sentences in the code
	$(BIN)/python -m tests.catalogue

page: ## Rebuild the playground's page (needs Node; the built page is committed)
	cd playground/ui && npm ci && npm run build

.PHONY: help install demo test torture bench check format lock audit sbom catalogue page
