# Every target works from a fresh clone: it makes .venv first, and again when a requirements file has changed.
# PYTHON=python3.12 make ... picks another interpreter.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
STAGE ?= dev
BIN := .venv/bin
READY := .venv/ready
CHECKERS := .checkers
ASL_VALIDATOR = $(patsubst %,--asl-validator %,$(wildcard $(CHECKERS)/node_modules/.bin/asl-validator))

.PHONY: help venv run demo test check check-api check-rights check-template format package deploy deploy-workflows bench bench-retail bench-tickets clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

venv: $(READY) ## make .venv with everything in it

$(READY): requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Signalbox needs Python 3.11 or newer, with venv. None of python3.13, python3.12, python3.11 or python3 here is one: install it, or name it with PYTHON=/path/to/python3."; exit 2; }
	@$(PYTHON) -c '' 2>/dev/null || { echo "There is no $(PYTHON) that runs here. Name another with PYTHON=/path/to/python3."; exit 2; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit(f"Signalbox needs Python 3.11 or newer; $(PYTHON) is {v[0]}.{v[1]}. Name another with PYTHON=/path/to/python3.")'
	@echo "Making .venv (once; a minute or a few) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: $(READY) ## boot the laptop's AWS, run the sample workflows, serve until Ctrl-C
	@$(BIN)/python -m localcloud up $(ARGS)

demo: $(READY) ## the same, and end: exit status 0 only when every workflow ended as it should
	@$(BIN)/python -m localcloud demo $(ARGS)

# three processes on two cores: a fifth of the time the end-to-end tests wait for something
test: $(READY) ## the test suite
	@$(BIN)/python -m pytest -n 3 --dist loadfile $(ARGS)

check: $(READY) ## format, lint, types, the template, the state machines, the house rules
	@echo "ruff format"; $(BIN)/ruff format --check --quiet .
	@echo "ruff check"; $(BIN)/ruff check --quiet .
	@echo "mypy --strict"; $(BIN)/mypy --no-error-summary
	@echo "state machines"; $(BIN)/python -m localcloud lint statemachines/*.asl.json
	@echo "template"; $(BIN)/python -m infrastructure.check
	@echo "house rules"; $(BIN)/python -m pytest -q tests/house
	@echo "All checks passed."

check-api: $(READY) ## the API against its own description: every status it documents, 10,000 requests; some minutes
	@$(BIN)/python -m tests.api $(ARGS)

check-rights: $(READY) ## the policies against the AWS calls of the end-to-end tests: too few and too many
	@RIGHTS=exact $(BIN)/python -m pytest -n 2 --dist loadfile tests/e2e

check-template: $(READY) $(CHECKERS)/ready ## checkov on the template, asl-validator on the state machines
	@$(BIN)/python -m infrastructure.outside_check --checkov $(CHECKERS)/venv/bin/checkov $(ASL_VALIDATOR)
	@echo "Template checks passed."

# checkov pins boto3, so it has a venv of its own; asl-validator is npm's. Both are fetched once and ship nowhere.
$(CHECKERS)/ready: requirements-checkers.txt
	@echo "Fetching checkov and asl-validator (once; a minute or a few) ..."
	@test -x $(CHECKERS)/venv/bin/python || $(PYTHON) -m venv $(CHECKERS)/venv
	@$(CHECKERS)/venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-checkers.txt
	@npm install --silent --no-audit --no-fund --prefix $(CHECKERS) asl-validator@4.0.0 \
		|| echo "asl-validator could not be fetched by npm: the state machines are read by \`make check\`'s own lint alone."
	@touch $@

format: $(READY) ## format the code
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --fix --quiet .

package: $(READY) ## the deployable template and archive, in dist/$(STAGE)
	@$(BIN)/python -m infrastructure.build --stage $(STAGE) --out dist/$(STAGE)
	@$(BIN)/python -m infrastructure.package_check dist/$(STAGE)

deploy: package ## package, upload, deploy and ask GET /health: make deploy STAGE=prod
	@$(BIN)/python -m infrastructure.deploy --stage $(STAGE)

deploy-workflows: $(READY) ## the stack around the functions of chalice deploy, and what Chalice must know of it
	@mkdir -p dist/$(STAGE)
	@$(BIN)/python -m infrastructure.deploy_workflows --stage $(STAGE)

# what the others use, and what judges a file that somebody has, are none
BENCHMARKS := $(filter-out benchmarks/sales_file.py benchmarks/win_model.py benchmarks/tickets_scale.py,$(wildcard benchmarks/[a-z]*.py))

bench: $(READY) ## every benchmark; the figures are in docs/benchmarks.md
	@missed=0; for b in $(BENCHMARKS); do m=benchmarks.$$(basename $$b .py); echo "== $$m"; $(BIN)/python -m $$m || missed=1; done; exit $$missed

bench-retail: $(READY) ## the figures of the retail desk
	@missed=0; for b in benchmarks/retail_*.py; do m=benchmarks.$$(basename $$b .py); echo "== $$m"; $(BIN)/python -m $$m || missed=1; done; exit $$missed

bench-tickets: $(READY) ## how often the right expert is found, beside a baseline; speed over 100,000 tickets
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.tickets

clean: ## remove what the other targets made
	@rm -rf .venv .checkers .localcloud dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
