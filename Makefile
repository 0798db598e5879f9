# Everything a newcomer, a contributor and CI call. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help run test check coverage screens bench access register lifecycle lighthouse html lock sbom messages clean
PY := .venv/bin/python
PYBABEL := .venv/bin/pybabel -q
WORDS := portal/translations
export PYTHON

help: ## list these commands
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install what is needed, make the demo once, serve on PORTAL_PORT (8000) with data in PORTAL_DATA_DIR (var)
	@bin/setup run && exec bin/portal start

test: ## install what the tests need, also the browser, and run all of them (ARGS="-k sign" for some)
	@bin/setup test && PORTAL_TEST_BROWSER="$$(bin/browser)" && export PORTAL_TEST_BROWSER && $(PY) -m pytest -n 4 --dist worksteal $(ARGS)

check: ## lint, types, templates, rules of the house
	@bin/setup dev
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m pytest tests/test_architecture.py

coverage: ## all tests with coverage of portal/, by branch; fails under 90 %
	@bin/setup test && PORTAL_TEST_BROWSER="$$(bin/browser)" && export PORTAL_TEST_BROWSER && $(PY) -m pytest -n 4 --dist worksteal --cov --cov-report=term $(ARGS)

screens: ## make docs/screens/ anew, one picture of each screen
	@bin/setup test && PORTAL_TEST_BROWSER="$$(bin/browser)" && export PORTAL_TEST_BROWSER && $(PY) -m tests.screens && $(PY) -m tests.printing.screens

bench: ## measure again what docs/performance.md says
	@bin/setup test && PORTAL_TEST_BROWSER="$$(bin/browser)" && export PORTAL_TEST_BROWSER && \
	$(PY) -m benchmarks && $(PY) -m benchmarks.reads && $(PY) -m benchmarks.visits && $(PY) -m benchmarks.maps && $(PY) -m benchmarks.queue && $(PY) -m benchmarks.mailing && $(PY) -m benchmarks.search && $(PY) -m benchmarks.signing && $(PY) -m benchmarks.reporting && $(PY) -m benchmarks.upgrading

lighthouse: ## what Lighthouse says of five pages on a throttled phone, into docs/performance.md (needs npm)
	@bin/setup test && bin/checkers && PORTAL_TEST_BROWSER="$$(bin/browser)" && export PORTAL_TEST_BROWSER && $(PY) -m benchmarks.lighthouse

html: ## let the Nu HTML checker read every page (needs npm and Java)
	@bin/setup test && bin/checkers && $(PY) -m pytest tests/accessibility/test_html.py

access: ## make docs/access.md anew: who may call what in which state
	@bin/setup test && $(PY) -m tests.access

register: ## make docs/personal-data.md anew: what is kept of people, why, for whom and how long
	@bin/setup test && $(PY) -m tests.personal_data

lifecycle: ## make docs/lifecycle.md anew: the states of a dossier and the moves between them
	@bin/setup test && $(PY) -m tests.lifecycle

lock: ## resolve requirements/*.txt again from pyproject.toml (UPGRADE=--upgrade takes newer versions)
	@bin/lock $(UPGRADE)

sbom: ## print what the portal is made of, as CycloneDX, from requirements/run.txt
	@bin/setup run >&2 && $(PY) bin/sbom.py

messages: ## find the sentences of the screen again for the translators, and compile what they wrote
	@bin/setup run
	@$(PYBABEL) extract -F pyproject.toml -k lazy -k lazy_gettext --add-location=file --sort-by-file -o $(WORDS)/messages.pot .
	@$(PYBABEL) update -i $(WORDS)/messages.pot -d $(WORDS) -N --ignore-obsolete --ignore-pot-creation-date
	@$(PYBABEL) compile -d $(WORDS)

clean: ## remove what can be made again; your data in var/ stays
	rm -rf .venv .venv-lock .pytest_cache .mypy_cache .ruff_cache .hypothesis htmlcov .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
