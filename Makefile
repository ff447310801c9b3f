# make run     creates .venv, installs, runs the flagship drill, prints its brief, writes runs/<name>/
# make test    the same with what tests need, then the whole test suite
# make search  the properties again, on draws not seen before
# make check   style, format and types       make bench   benchmarks       make oldest   tests on the oldest packages allowed
#
# PYTHON=python3.12 make run   chooses the interpreter; it must be 3.11 or newer.

NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
RUN = $(VENV)/bin/python
INSTALL = $(RUN) -m pip --disable-pip-version-check install --quiet --editable

# what was installed counts only where it was installed, and with a Python that is still there
CURRENT := $(shell $(RUN) -c '$(NEW_ENOUGH)' 2>/dev/null && grep -sqxF '$(CURDIR)' $(VENV)/.home \
	|| rm -f $(VENV)/.home $(VENV)/.run $(VENV)/.test $(VENV)/.dev)

.PHONY: run test search check bench oldest clean

run: $(VENV)/.run
	@$(RUN) run_sim.py || [ $$? -eq 1 ] # 1: it ran, and the drill's people missed a target

test: $(VENV)/.test
	$(RUN) -m pytest -n auto --dist worksteal

search: $(VENV)/.test
	$(RUN) -m pytest -n auto --dist worksteal --hypothesis-profile=search tests/models

check: $(VENV)/.dev
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy

bench: $(VENV)/.test
	@for file in benchmarks/*.py; do echo "== $$file"; $(RUN) $$file || exit 1; done

oldest:
	PIP_CONSTRAINT=tests/oldest.txt $(MAKE) VENV=.venv-oldest test

clean:
	rm -rf .venv .venv-oldest build dist

$(VENV)/.home:
	@[ -n '$(PYTHON)' ] || { echo 'Python 3.11 or newer is needed: PYTHON=/path/to/python3 make run' >&2; exit 1; }
	@$(RUN) -c '$(NEW_ENOUGH)' 2>/dev/null || { echo "creating $(VENV)"; $(PYTHON) -m venv --clear $(VENV); } \
		|| { echo 'this Python cannot make environments; on Debian or Ubuntu: apt install python3-venv' >&2; exit 1; }
	@echo '$(CURDIR)' > $@

$(VENV)/.run: pyproject.toml | $(VENV)/.home
	@echo 'installing (once; later runs need no network)'
	@$(INSTALL) '.[report,xlsx]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/.home
	@echo 'installing with what tests need (once)'
	@$(INSTALL) '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.dev: pyproject.toml | $(VENV)/.home
	@$(INSTALL) '.[dev]'
	@touch $@ $(VENV)/.run $(VENV)/.test
