# The one place for commands, for people and for CI alike.
PYTHON ?= python3
BIN := .venv/bin
WORKBENCH ?= .cache/vscode-workbench
NPM := client-vscode/node_modules/.package-lock.json
TESTS ?= tests
SOURCES := server tests bench scripts

.PHONY: help setup demo test chaos fuzz e2e pictures bench check fix client lock clean

help: ## Show these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/.ready ## Make .venv with everything pinned; the program is .venv/bin/specwright then

.venv/.ready: requirements/uv.txt requirements/dev.txt pyproject.toml
	@command -v git >/dev/null || { echo "git is needed: apt install git"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## Play the whole story in a temporary repository: no key, no network
	@$(BIN)/specwright demo

test: setup ## Run the tests (TESTS=tests/git for a part)
	$(BIN)/python -m pytest -n auto $(TESTS)

chaos: setup ## Kill everything for half an hour and see that nothing is lost (CHAOS="--seed 7 --kills 50")
	PYTHONPATH=tests:server $(BIN)/python -m chaos $(CHAOS)

fuzz: setup ## Throw text at the parser, the document and the rules for a minute (FUZZ="--seconds 600 --seed 7")
	PYTHONPATH=tests:server $(BIN)/python -m fuzz $(FUZZ)

check: setup client ## Lint, types, generated files, the client's types and its package, known holes in dependencies
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/python scripts/protocol.py --check
	$(BIN)/python scripts/audit.py

client: $(NPM)
	cd client-vscode && npm run --silent check && npm run --silent package

$(NPM): client-vscode/package-lock.json
	cd client-vscode && npm ci --no-audit --no-fund

e2e: setup client ## Play the story in real Neovim and in a real VS Code workbench
	$(BIN)/python tests/e2e/neovim/run.py
	client-vscode/test/vscode-workbench install $(WORKBENCH)
	cd client-vscode && node test/e2e/host.mjs ../$(WORKBENCH)
	cd client-vscode && node test/e2e/story.mjs ../$(WORKBENCH)
	cd client-vscode && node test/e2e/untrusted.mjs ../$(WORKBENCH)
	cd client-vscode && node test/e2e/controls.mjs ../$(WORKBENCH)

pictures: setup client ## Take the pictures of the README in a real VS Code workbench
	client-vscode/test/vscode-workbench install $(WORKBENCH)
	cd client-vscode && node test/e2e/pictures.mjs ../$(WORKBENCH) ../docs/pictures

bench: setup ## Measure what docs/benchmarks.md reports, each beside a peer or the bare floor
	$(BIN)/python -m bench

fix: setup ## Mend what can be mended by itself
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/python scripts/protocol.py

lock: setup ## Pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade pyproject.toml --group dev -o requirements/dev.txt
	echo uv | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade - -o requirements/uv.txt

clean: ## Remove what was made here
	rm -rf .venv .cache client-vscode/node_modules client-vscode/dist client-vscode/*.vsix
