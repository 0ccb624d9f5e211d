# Few ways in: make run, make test, make lint, make bench. Everything else has a line here.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
SEEDS ?= 2000

NODE_READY := web/node_modules/.package-lock.json

.PHONY: proofs check-proofs shooter web screenshots browser-all help run live test lint bench env kernels all-kernels peers system model simulate campaigns ellipses phases symmetry soak disclosure pictures clean conformance package site

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: kernels ## play the Andoya case of 1995 through two linked centres, compare the regimes, verify the logs
	@$(BIN)/tocsin compare andoya-1995

live: kernels ## the same case between two real processes over loopback, each with its console, until Ctrl-C
	@$(BIN)/tocsin live andoya-1995 --consoles --regime joint --speed 20

test: env all-kernels system ## set up everything and run every test
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: env ## style and strict types
	@$(BIN)/ruff check src tests tools benchmarks campaigns conformance
	@$(BIN)/mypy

bench: env all-kernels ## measure; writes build/bench.json
	@$(BIN)/python -m benchmarks.run

model: env ## the whole vote model: two parties, then three and a cheat (long)
	@$(BIN)/python -m campaigns.vote_model
	@$(BIN)/python -m campaigns.vote_model_three

conformance: env ## our answers to the published questions; for yours see conformance/README.md
	@$(BIN)/python -m conformance.run

simulate: env ## many centres with seeded faults: make simulate SEEDS=10000
	@$(BIN)/python -m campaigns.simulate --seeds $(SEEDS)

campaigns: kernels env ## fusion against one filter, forgetting, calibration (long)
	@$(BIN)/python -m campaigns.fusion
	@$(BIN)/python -m campaigns.release_noise
	@$(BIN)/python -m campaigns.calibration

ellipses: kernels env ## launch and impact ellipses against the truth, 2,000 runs (long; goes on where it was broken off)
	@$(BIN)/python -m campaigns.ellipses

phases: kernels env ## boost and re-entry against the bound, 1,000 runs (long)
	@$(BIN)/python -m campaigns.phases

symmetry: kernels env ## every case and regime with the parties exchanged (long): make symmetry CASES="--case andoya-1995"
	@$(BIN)/python -m campaigns.symmetry $(CASES)

soak: kernels env ## 24 hours without a launch, through complete centres; then missed detections (long)
	@$(BIN)/python -m campaigns.soak 24
	@$(BIN)/python -m campaigns.soak curve
	@$(BIN)/python -m campaigns.soak readme

proofs: env ## bound proofs of the shipped questions: find what is missing or too wide, prove, check (hours)
	@$(BIN)/python -m campaigns.proofs $(NAMES)

check-proofs: env ## every shipped bound proof again, with Arb and with the stand-alone checker (long)
	@$(BIN)/python -m campaigns.proofs --check $(NAMES)

shooter: env ## 10,000 flown cases against proved-impossible regions (two minutes; goes on where it was)
	@$(BIN)/python -m campaigns.shooter

disclosure: env ## what each way of releasing gives away, and what it costs
	@$(BIN)/python -m campaigns.disclosure

pictures: run ## picture of the report for the README (needs Chromium)
	@$(BIN)/python tools/pictures/take.py runs/andoya-1995-1995

web: $(NODE_READY) ## build the pages into the package (needs Node 20; users never do)
	@cd web && npm run --silent check && npm test --silent && npm run --silent build
$(NODE_READY): web/package-lock.json
	@cd web && npm ci --silent
	@touch $@

screenshots: env ## every state of the pages as pictures in build/screenshots (needs Chromium)
	@$(BIN)/python -m tools.pictures.console

browser-all: env ## axe on everything in every look, the tour, a watch with its duties, `make live` (long; needs Chromium)
	@$(BIN)/python -m pytest tests/browser/test_looks.py tests/browser/test_tour.py tests/browser/test_duties.py tests/browser/test_live_consoles.py --all-looks

env: $(VENV)/.tools ## virtual environment with every dependency, the developers' tools too, locked by hash
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) tools/setup/environment.py $(VENV) requirements.lock
	@touch $@
$(VENV)/.tools: requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) tools/setup/environment.py $(VENV) requirements-dev.lock
	@touch $(VENV)/.ready $@

kernels: $(VENV)/.kernels ## compile the tracking kernels ahead
$(VENV)/.kernels: $(VENV)/.ready $(shell find src/tocsin/track -name '*.py' 2>/dev/null)
	@$(BIN)/tocsin kernels
	@touch $@

all-kernels: $(VENV)/.all-kernels ## those of assure, too: before tests and benchmarks, whose processes would each compile them
$(VENV)/.all-kernels: $(VENV)/.ready $(shell find src/tocsin/track src/tocsin/assure -name '*.py' 2>/dev/null)
	@$(BIN)/tocsin kernels --everything
	@touch $(VENV)/.kernels $@

peers: .venv-peers/.ready ## other houses' trackers, to compare ours with, in an environment of their own
.venv-peers/.ready: tools/peers/requirements.lock
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

system: ## outside programs that the tests use, where they can be installed
	@$(PYTHON) tools/setup/system.py

package: env ## wheel of the last commit, the same from any folder, with its SBOM and hashes, in build/package
	@$(BIN)/python -m tools.package

site: env ## the documentation as pages in build/site, from the repository alone
	@$(BIN)/python -m tools.site

clean: ## remove what was made
	rm -rf $(VENV) build dist runs .pytest_cache .mypy_cache .ruff_cache .hypothesis
