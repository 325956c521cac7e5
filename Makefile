# make run opens the app. make test checks everything. Both first install what is missing, once.

PY := .venv/bin/python
PIP := $(PY) -m pip install --prefer-binary --disable-pip-version-check -qq

# The machine's own python3 if it will do, otherwise a named one. make PYTHON=... overrules both.
PYTHONS := $(PYTHON) python3 python3.12 python3.11 python3.13 python3.14 python
SUITABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))

.PHONY: run test venv dev lint screenshots clean

run: venv
	@exec $(PY) app.py

test: dev
	@CHROMIUM="$$($(PY) -m tests.chromium)" && export CHROMIUM && $(PY) -m pytest
	@$(lint)

lint: dev
	@$(lint)

screenshots: dev
	@CHROMIUM="$$($(PY) -m tests.chromium)" && export CHROMIUM && $(PY) -m tests.browser.screenshots

venv:
	@$(call installed,requirements.txt) || { $(new_venv) && $(call install,requirements.txt); }

dev: venv
	@$(call installed,requirements-dev.txt) || { $(call install,requirements-dev.txt); }

clean:
	rm -rf .venv .pytest_cache .ruff_cache test-results
	find app.py demo tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

lint = $(PY) -m ruff check . && $(PY) -m ruff format --check .

# A stamp is a copy of the requirements, made after they were installed: while the text is the
# same there is nothing to do, whatever a checkout did to the dates.
installed = [ ! -e .venv/unfinished ] && cmp -s $(1) .venv/installed-$(1) && $(PY) -c "" 2>/dev/null

# .venv/unfinished is there while pip works: an environment that holds it was interrupted and may
# hold half a package, so it is made anew. One that pip merely refused to fill is tried again.
install = touch .venv/unfinished \
	&& echo "Installing $(1) into .venv: some minutes the first time." \
	&& { $(PIP) -r $(1) || { rm -f .venv/unfinished; \
		echo "Installing $(1) failed; pip's reason is above." >&2; exit 1; }; } \
	&& cp $(1) .venv/installed-$(1) && rm -f .venv/unfinished

new_venv = if [ -e .venv/unfinished ] || ! $(PY) -m pip --version >/dev/null 2>&1; then \
		for python in $(PYTHONS); do \
			if "$$python" -c "$(SUITABLE)" 2>/dev/null; then break; fi; python=; \
		done; \
		if [ -z "$$python" ]; then \
			echo "No Python 3.11 to 3.14 with its venv module was found; install one" \
				"(Debian: apt-get install python3-venv), or name it: make PYTHON=..." >&2; \
			exit 1; \
		fi; \
		"$$python" -m venv --clear .venv; \
	fi
