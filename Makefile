# Everything a developer or a first-time user runs. Python 3.11 or later and make are all it needs.

VENV := .venv
PY := $(VENV)/bin/python
NOTEBOOKS = $(sort $(wildcard notebooks/*.ipynb))
DATA =
# uv does not look where pip is told to; a torch without CUDA may lie there.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix bench clean
.DELETE_ON_ERROR:

help:  ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.dev  ## Make the environment (.venv) with the development tools
	@echo "The environment is in $(VENV)"

demo: $(VENV)/.run  ## Write a sample export, analyse it, say where the report is
	@mkdir -p demo
	$(VENV)/bin/feedback-nlp sample -o demo/sample.csv --force
	$(VENV)/bin/feedback-nlp analyze demo/sample.csv --out demo/report --force
	@echo "Open this in a browser: $(CURDIR)/demo/report/report.html"

# A file stays with one worker, so what its tests share is made once. Compiled modules are kept: every
# worker, and the dozens of processes that tests start, would else compile everything anew.
test: $(VENV)/.dev  ## Run the whole suite: tests, examples in the documentation, notebooks
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests feedback_nlp

check: $(VENV)/.dev  ## Everything that must be right before a change is in: format, lint, types, layers, spelling, tests
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/codespell
	$(if $(NOTEBOOKS),$(VENV)/bin/nbstripout --verify $(NOTEBOOKS))
	@$(MAKE) --no-print-directory test

fix: $(VENV)/.dev  ## Mend format and lint where that can be done by itself
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(if $(NOTEBOOKS),$(VENV)/bin/nbstripout $(NOTEBOOKS))

bench: $(VENV)/.dev  ## Measure speed; with DATA=FOLDER of labelled comments, quality as well
	$(PY) benchmarks/speed.py
	$(if $(DATA),$(PY) benchmarks/models.py $(DATA))

clean:  ## Remove what was made, except the environment
	rm -rf demo dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# The environment. A stamp newer than pyproject.toml means that there is nothing to install.

$(VENV)/.run: pyproject.toml | $(PY)
	$(call install,.)
	@touch $@

$(VENV)/.dev: pyproject.toml | $(PY)
	$(call install,.[dev])
	@touch $@ $(VENV)/.run

$(PY):
	@for python in python3.13 python3.12 python3.11 python3 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making the environment $(VENV) with $$("$$python" --version)"; \
	    "$$python" -m venv $(VENV) && exit 0; \
	    echo "$$python cannot make an environment. On Debian or Ubuntu: apt install python3-venv" >&2; \
	    rm -rf $(VENV); exit 1; \
	  fi; \
	done; echo "Python 3.11 or later is needed, and was not found." >&2; exit 1

# uv installs several times faster; where it cannot be had or does not reach the index, pip does the same.
define install
	@$(PY) -m pip install --quiet --disable-pip-version-check uv 2>/dev/null || true
	@echo "Installing feedback-nlp and what it needs (once; a minute or less)"
	@{ [ -x $(VENV)/bin/uv ] && $(VENV)/bin/uv pip install --quiet --python $(PY) -e "$(1)"; } \
	  || $(PY) -m pip install --quiet --disable-pip-version-check -e "$(1)"
endef
