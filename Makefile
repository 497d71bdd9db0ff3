# make report    the whole lab, reproduced, in the folder report
# make test      all tests      make quick   those without training for real
# make lint      style, types, and who may import whom
# make bare      whether the wheel, built of the source distribution, works where nothing else is installed
# make lowest    whether it works with the lowest versions that pyproject.toml states: of what uses other packages, tests
# make docs      the documentation, in build/docs, strictly: a warning, a broken link or a missing name ends it
# make docs-links  whether the web addresses in it still lead somewhere: needs a network
# make page      what a browser runs, built anew: needs npm, and wasm-ld (apt-get install lld)
# make built     whether that comes to what is committed, to the byte: with the linker that engine.json names
#
# Each makes .venv and installs what it needs, pinned by constraints.txt. PYTHON=… names another Python, VENV=…
# another folder:  make quick PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# Python keeps what it compiled of each file, or every process that a test starts would compile all anew.
unexport PYTHONDONTWRITEBYTECODE
REQUIREMENTS := pyproject.toml constraints.txt

.PHONY: report test quick lint bare lowest docs docs-links page built format clean
.DEFAULT_GOAL := report

report: $(VENV)/.for-report
	$(BIN)/mlplab reproduce --out report

# Three processes for two cores: a third of the time, a test waits for a browser, a file or a signal.
test: $(VENV)/.for-development page/node_modules/.made
	$(BIN)/python -m pytest --numprocesses 3 --dist worksteal

quick: $(VENV)/.for-development page/node_modules/.made
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal -m "not slow" --hypothesis-profile quick

lint: $(VENV)/.for-development page/node_modules/.made
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=src $(BIN)/mypy --config-file= --strict --follow-imports silent --cache-dir .mypy_cache/user .ci/typed_user.py
	$(BIN)/lint-imports
	if [ -e page/node_modules/.made ]; then cd page && npm run --silent types; fi

bare:
	rm -rf build
	mkdir -p build/bare/work
	$(PYTHON) -m venv build/bare/tools
	build/bare/tools/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt build
	build/bare/tools/bin/python -m build --outdir build/bare . > build/bare/build.log || { cat build/bare/build.log; exit 1; }
	$(PYTHON) .ci/source.py build/bare/*.tar.gz
	$(PYTHON) -m venv build/bare/env
	build/bare/env/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt build/bare/*.whl
	build/bare/env/bin/python .ci/bare.py build/bare/work

# What uses other packages most. Newer versions of what these packages use themselves may warn of them: here warnings
# are no errors.
LOWEST := tests/cli/test_cli_main.py tests/cli/test_cli_data.py tests/data tests/estimators/test_ecosystem.py \
  tests/models/test_keras_file.py tests/models/test_onnx_file.py tests/report/test_document.py tests/test_installation.py
lowest: build/lowest/.made
	NUMBA_CACHE_DIR=$(CURDIR)/build/lowest/kernels build/lowest/env/bin/python -m pytest --numprocesses 2 \
	  --dist worksteal -W default -o cache_dir=build/lowest/cache -m "not slow" --hypothesis-profile quick $(LOWEST)

build/lowest/.made: pyproject.toml .ci/lowest.py
	rm -rf build/lowest
	mkdir -p build/lowest
	$(PYTHON) -m venv build/lowest/env
	build/lowest/env/bin/python -m pip install --quiet --disable-pip-version-check packaging
	build/lowest/env/bin/python .ci/lowest.py > build/lowest/constraints.txt
	build/lowest/env/bin/python -m pip install --quiet --disable-pip-version-check \
	  --constraint build/lowest/constraints.txt --editable ".[dev]"
	@touch $@

docs: $(VENV)/.for-documentation
	$(BIN)/python -m sphinx --builder html --doctree-dir build/doctrees --jobs 2 \
	  --nitpicky --fail-on-warning --keep-going docs build/docs
	@echo "The documentation begins with build/docs/index.html."

docs-links: $(VENV)/.for-documentation
	$(BIN)/python -m sphinx --builder linkcheck --doctree-dir build/doctrees docs build/docs-links

page: $(VENV)/.for-development page/node_modules/.made
	$(BIN)/python -m mlplab.wasm
	$(BIN)/python -m mlplab.playground.spec_table page/src/spec/spec.json
	cd page && npm run --silent speed && npm run --silent build

BUILT := src/mlplab/wasm/built src/mlplab/playground/page page/src/spec
built: page
	git status --porcelain -- $(BUILT)
	test -z "$$(git status --porcelain -- $(BUILT))"

format: $(VENV)/.for-development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .venv-3.* build docs/examples docs/reference docs/the-lab

$(VENV)/.made:
	@$(PYTHON) -c "import sys; sys.version_info >= (3, 11) or sys.exit('mlplab needs Python 3.11 or newer, this is ' + sys.version.split()[0] + '; name another with  make PYTHON=python3.12')"
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.for-report: $(VENV)/.made $(REQUIREMENTS)
	@echo "Installing mlplab and what it needs into $(VENV) ..."
	$(INSTALL) --editable ".[all]"
	@touch $@

$(VENV)/.for-development: $(VENV)/.made $(REQUIREMENTS)
	@echo "Installing mlplab and what its tests need into $(VENV) ..."
	$(INSTALL) --editable ".[dev]"
	@touch $@ $(VENV)/.for-report

$(VENV)/.for-documentation: $(VENV)/.made $(REQUIREMENTS)
	@echo "Installing mlplab and what its documentation needs into $(VENV) ..."
	$(INSTALL) --editable ".[docs]"
	@touch $@

page/node_modules/.made: page/package.json
	@if command -v npm > /dev/null; then \
	  echo "Installing what builds and tests the page into page/node_modules ..."; \
	  cd page && npm install --silent && touch node_modules/.made; \
	else echo "There is no npm: what a browser runs is not tested."; fi
