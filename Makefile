# `make site` and `make test` need Python 3.11 or newer and nothing else; everything is installed
# into .venv, at the versions that constraints.txt names, and only when those change. Where there is
# npm, checks use more: it goes into node_modules, at the versions of package-lock.json.

# Threads that wait for each other by spinning make PyTorch ten times slower on a busy machine.
export OMP_WAIT_POLICY ?= passive

# Where the machine has no graphics card, PyTorch's build for processors saves gigabytes:
# make site TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
INSTALL = $(BIN)/python -m pip install --quiet --constraint constraints.txt

# Processes that share the tests; each takes up to 2 GB.
WORKERS ?= 2
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := node_modules/.package-lock.json
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder
SPHINX := $(BIN)/python -m sphinx -W -n --keep-going -b html -d docs/_build/doctrees docs docs/_build/html

.DEFAULT_GOAL := site
.PHONY: site pdf test check-site browser links reproducible controls bench data serve live readme-images lint lint-scripts clean

$(VENV)/.python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cnnvis needs Python 3.11 or newer; set PYTHON to one")'
	$(PYTHON) -m venv $(VENV)
	$(if $(TORCH_INDEX),$(INSTALL) --index-url $(TORCH_INDEX) torch torchvision)
	touch $@

# what comes with each of the package's extras
HOLDS_docs := .docs
HOLDS_test := .docs .test
HOLDS_dev := .docs .test .dev

$(VENV)/.docs $(VENV)/.test $(VENV)/.dev: $(VENV)/.%: pyproject.toml constraints.txt | $(VENV)/.python
	$(INSTALL) --editable '.[$*]'
	touch $(addprefix $(VENV)/,$(HOLDS_$*))

$(NODE): package.json package-lock.json
	npm ci --no-audit --no-fund
	touch $@

site: $(VENV)/.docs ## build the site from what is on disk
	CNNVIS_OFFLINE=1 $(SPHINX)
	@echo "The site is at docs/_build/html/index.html"

pdf: $(VENV)/.docs ## build the book with LaTeX; the next build of the site offers it
	CNNVIS_OFFLINE=1 $(BIN)/python docs/make_book.py

test: site $(VENV)/.test ## run the tests, which take the downloads from the built site
	OMP_NUM_THREADS=1 $(PYTEST)

check-site: $(VENV)/.test ## check the built site in Chromium
	$(PYTEST) tests/site

browser: $(VENV)/.test ## install Chromium unless the machine has it, and Lighthouse if it has npm
	command -v chromium > /dev/null || $(BIN)/python -m playwright install --with-deps chromium
	if command -v npm > /dev/null; then $(MAKE) --no-print-directory $(NODE); \
	else echo "There is no npm, and so no Lighthouse: its tests will be listed as skipped"; fi

reproducible: $(VENV)/.docs ## build twice in two folders and compare, file by file
	$(BIN)/python docs/reproduce.py

controls: $(VENV)/.docs ## measure what several trainings or starts give; NAMES=… for some of them
	OMP_NUM_THREADS=1 $(BIN)/python docs/make_controls.py $(NAMES)

links: $(VENV)/.test ## list the built site's links to elsewhere; CHECK=--check asks for each
	$(BIN)/python tests/site/external_links.py $(CHECK)

bench: $(VENV)/.test ## measure, and print each figure beside its bar
	$(BIN)/python tests/benchmarks/bench.py

data: $(VENV)/.docs ## download the real sets; the next build uses them
	$(BIN)/python -m cnnvis download

serve: ## show the built site at http://localhost:8000
	$(PYTHON) -m http.server --bind 127.0.0.1 --directory docs/_build/html 8000

live: $(VENV)/.docs ## rebuild and reload at every change
	CNNVIS_OFFLINE=1 $(BIN)/python -m sphinx_autobuild --watch gallery --watch cnnvis \
		--ignore docs/tutorials --ignore docs/_build --re-ignore __pycache__ \
		-d docs/_build/doctrees docs docs/_build/html

readme-images: $(VENV)/.test ## take the README's images from a site built on stand-ins
	$(BIN)/python docs/readme_images.py

lint: $(VENV)/.dev lint-scripts ## ruff, sphinx-lint and codespell
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/sphinx-lint --max-line-length 100 --enable line-too-long docs/*.md docs/about docs/explain docs/explorer docs/howto docs/reference gallery README.md
	$(BIN)/codespell

lint-scripts: ## Node's tests, ESLint and TypeScript's checker for the pages' scripts, where npm is
	@if command -v npm > /dev/null; then $(MAKE) --no-print-directory $(NODE) && npm run --silent lint; \
	else echo "There is no npm, so the pages' scripts are neither tested on their own nor linted"; fi

clean: ## remove what builds and tests leave, .venv and node_modules apart
	rm -rf docs/_build docs/tutorials build dist images .pytest_cache .ruff_cache .hypothesis
	find cnnvis docs gallery tests -name __pycache__ -prune -exec rm -rf {} +
