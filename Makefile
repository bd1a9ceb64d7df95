PY ?= python3
BIN := .venv/bin
# What Python compiles is kept whatever the shell says: each process would compile all modules again.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
.PHONY: help demo test long exhaustive conformance check bench docs lock clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.ok: pyproject.toml requirements.lock
	@echo "Setting up .venv (once, about a minute) ..."
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv -q --allow-existing -p $(PY) .venv && uv pip install -q -p $(BIN)/python --require-hashes -r requirements.lock && uv pip install -q -p $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(PY) -m venv .venv && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

demo: .venv/.ok ## set up, fill a SQLite registry, run the Xiaoshan scenario, serve on 127.0.0.1:8000
	@$(BIN)/eldercare demo $(ARGS)

test: .venv/.ok ## the test suite on SQLite and a real PostgreSQL it starts itself
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long and not exhaustive" $(ARGS)

long: .venv/.ok ## the longer proofs that protect data
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m long $(ARGS)

exhaustive: .venv/.ok ## every case of the proofs of access; an hour or so
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m exhaustive $(ARGS)

conformance: .venv/.ok ## outside tools against a running server: audits, generators, clients (needs node)
	@$(BIN)/python tests/conformance/run.py

check: .venv/.ok ## ruff, mypy strict, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/.ok ## the measurements of docs/benchmarks.md
	@$(BIN)/python bench/run.py $(ARGS)

docs: .venv/.ok ## write every generated document
	@$(BIN)/python docs/generate.py

lock: ## write requirements.lock again (needs uv)
	printf 'hatchling\neditables\n' | uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev --extra postgres --extra fast --extra charts --extra dask --extra otel pyproject.toml - -o requirements.lock

clean: ## remove what make created
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis
