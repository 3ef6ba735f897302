# `make demo` and `make test` set up everything they need in .venv and then run.
PYTHON ?= $(if $(filter Windows_NT,$(OS)),python,python3)
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)

.PHONY: demo test quick lint types docs benchmarks screenshots translations clean

demo: $(VENV)/installed
	$(BIN)/xaiclip phantom --force out/demo/phantom.nrrd
	$(BIN)/xaiclip explain out/demo/phantom.nrrd --structure liver --reference out/demo/phantom_labels.nrrd --out out/demo

test: $(VENV)/ready
	$(BIN)/python -m pytest Testing --numprocesses 2 --dist loadfile

# While you work: what is fast, in under a minute. `make test` runs all.
quick: $(VENV)/ready
	$(BIN)/python -m pytest Testing -m "not slow" --numprocesses 2 --dist loadfile

lint: $(VENV)/tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

types: $(VENV)/tools
	$(BIN)/mypy

# The tutorial is run anew; warnings are errors, and nothing is fetched.
docs: $(VENV)/docs
	$(BIN)/python -m sphinx -W --keep-going --quiet -b html -d out/docs/doctrees docs out/docs/html
	@echo out/docs/html/index.html

benchmarks: $(VENV)/ready
	set -e; for script in $$(ls Testing/benchmarks/*.py); do grep -q __main__ $$script || continue; echo "== $$script"; $(BIN)/python $$script; done

screenshots: $(VENV)/ready
	$(BIN)/python Testing/screenshots.py

# The .ts and .qm files of the panel, after a text has changed; it lists what is left to translate.
translations: $(VENV)/ready
	$(BIN)/python Testing/translations.py

PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

# The program alone; on top of it what the tests compare it with; on top of that what looks at the sources.
$(VENV)/installed: pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) --constraint .ci/constraints.txt --editable .
	touch $@

$(VENV)/ready: $(VENV)/installed .ci/no-dependencies.txt
	$(PIP) --constraint .ci/constraints.txt --editable ".[test]"
	$(PIP) --no-deps --requirement .ci/no-dependencies.txt
	touch $@

$(VENV)/docs: $(VENV)/installed
	$(PIP) --constraint .ci/constraints.txt --editable ".[docs]"
	touch $@

$(VENV)/tools: $(VENV)/ready
	$(PIP) --constraint .ci/constraints.txt --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) out
