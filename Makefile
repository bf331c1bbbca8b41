# A fresh machine needs Python 3.11 or later and make; everything else is fetched into .venv and node_modules.
#
#   make run           the portal with its demo on http://127.0.0.1:8000 (PORT=8001 make run for another port)
#   make test          every test, from nothing
#   make test-postgres every test but the browser ones, on PostgreSQL
#   make check         lint, types, templates, missing migrations, Django's own check for a real installation
#   make bench         how fast it is (docs/performance.md)
#   make requirements  which test proves which requirement
#   make lock          choose versions anew and write the locks

# The first of these that is new enough; name another with make PYTHON=/path/to/python
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PORT ?= 8000
WORKERS ?= 2
PYTEST_WORKERS ?= 2

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PACKAGES := foundation partnership priorities actions voice board portal
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm

.DEFAULT_GOAL := help
.PHONY: help venv assets run port-is-free demo-data test test-fast test-postgres check check-style check-types check-templates check-migrations check-deploy bench lock requirements clean

help:
	@sed -n '3,10s/^# \{0,1\}//p' Makefile

# --- What is fetched and made -----------------------------------------------------------------------------------------

venv: .venv/.stamp-base .venv/.stamp-build

.venv/.stamp-venv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.stamp-base: requirements/base.txt .venv/.stamp-venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/base.txt
	@touch $@

.venv/.stamp-build: requirements/build.txt .venv/.stamp-venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/build.txt
	@touch $@

.venv/.stamp-test: requirements/test.txt .venv/.stamp-base
	$(BIN)/pip install --quiet --require-hashes -r requirements/test.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json .npmrc .venv/.stamp-build
	$(NPM) ci --loglevel=error --ignore-scripts
	@touch $@

SCSS := $(shell find static/scss -name '*.scss' 2>/dev/null)

assets: build/static/portal.css

# Written beside and then moved, so that a broken style sheet never takes the place of a whole one.
build/static/portal.css: $(SCSS) node_modules/.stamp
	@mkdir -p build/static
	PATH="$(CURDIR)/$(BIN):$$PATH" node node_modules/sass/sass.js --no-source-map --style=compressed \
	  --load-path=node_modules --quiet-deps static/scss/portal.scss build/portal.css.new
	@mv build/portal.css.new $@

# --- Run it here ------------------------------------------------------------------------------------------------------

# As in production (own error pages, collected files, no debug), but for this machine alone and with made-up people.
DEMO_ENV := PORTAL_DEMO=true PORT=$(PORT) SECRET_KEY="$$(cat var/secret-key)"

var/secret-key: | .venv/.stamp-base
	@mkdir -p var
	@umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

demo-data: .venv/.stamp-base build/static/portal.css var/secret-key
	@$(DEMO_ENV) $(MANAGE) migrate --verbosity 0
	@$(DEMO_ENV) $(MANAGE) createcachetable
	@$(DEMO_ENV) $(MANAGE) collectstatic --noinput --verbosity 0
	@$(DEMO_ENV) $(MANAGE) load_partnership
	@$(DEMO_ENV) $(MANAGE) seed_demo

port-is-free: .venv/.stamp-base
	@$(BIN)/python -c 'import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", $(PORT)))' \
	  2>/dev/null || { echo "Port $(PORT) is taken, or is no port. Choose another: PORT=8001 make run"; exit 1; }

# exec: Ctrl-C and SIGTERM reach the server itself. What was written stays in var/ for the next start.
run: port-is-free demo-data
	@echo
	@echo "  The portal is at  http://127.0.0.1:$(PORT)  and  http://localhost:$(PORT)  (passkeys need the second)"
	@echo "  Look first at     /strategy/   /actions/   /voice/   /voice/you-said-we-did/   /board/"
	@echo "  Sign in           http://127.0.0.1:$(PORT)/demo/ with one click, or at /accounts/login/ as"
	@echo "                    contributor@example.org, publisher@example.org, moderator@example.org, board@example.org"
	@echo "                    (any role at example.org) with the password $${DEMO_PASSWORD:-portal-demo-only}"
	@echo "  Stop              Ctrl-C"
	@echo
	@export $(DEMO_ENV); exec $(BIN)/gunicorn portal.wsgi --config deploy/gunicorn.conf.py \
	  --bind 127.0.0.1:$(PORT) --workers $(WORKERS)

# --- Prove it ---------------------------------------------------------------------------------------------------------

test: .venv/.stamp-test build/static/portal.css
	@command -v "$${CHROMIUM:-chromium-headless-shell}" >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  echo "Browser tests are left out: Chromium is not here. Get it with: apt-get install chromium-headless-shell"
	PORTAL_TEST=true $(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadgroup $(PYTEST_ARGS)

# Without the browser: what one runs while working.
test-fast: .venv/.stamp-test
	PORTAL_TEST=true $(BIN)/pytest -n $(PYTEST_WORKERS) --dist loadgroup -m "not browser" $(PYTEST_ARGS)

# The same on PostgreSQL, on a server made for this run and thrown away after it.
test-postgres: .venv/.stamp-test
	tests/with_postgres.sh $(MAKE) test-fast

# The check for a real installation asks with settings as they would be there; nothing is sent and nothing is opened.
PRODUCTION_ENV := env -u PORTAL_DEMO -u PORTAL_DEBUG -u PORTAL_TEST \
  SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" DATABASE_URL=sqlite://:memory: \
  ALLOWED_HOSTS=portal.example.org EMAIL_URL=smtp+tls://user:password@mail.example.org:587

# make -k check goes on after a fault and shows them all.
check: check-style check-types check-templates check-migrations check-deploy

check-style: .venv/.stamp-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-types: .venv/.stamp-test
	PORTAL_TEST=true $(BIN)/mypy

check-templates: .venv/.stamp-test
	$(BIN)/djlint templates --lint --quiet

check-migrations: .venv/.stamp-test
	PORTAL_TEST=true DATABASE_URL=sqlite://:memory: $(MANAGE) makemigrations --check --dry-run

check-deploy: .venv/.stamp-test
	@$(PRODUCTION_ENV) $(MANAGE) check --deploy --database default --fail-level WARNING

requirements: .venv/.stamp-test
	@PORTAL_TEST=true $(BIN)/pytest --requirements

# On both databases where PostgreSQL is there, and on SQLite alone where it is not.
bench: .venv/.stamp-test build/static/portal.css
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	  tests/with_postgres.sh $(BIN)/python -m tests.bench.run $(BENCH_ARGS); \
	else \
	  echo "PostgreSQL is left out: it is not here. Get it with: apt-get install postgresql"; \
	  $(BIN)/python -m tests.bench.run $(BENCH_ARGS); \
	fi

# --- Choose versions anew ---------------------------------------------------------------------------------------------

# --no-emit-*: a lock holds names, versions and hashes, never the host they came from.
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

lock: .venv/.stamp-build
	$(LOCK) pyproject.toml -o requirements/base.txt
	$(LOCK) --extra pdf -c requirements/base.txt pyproject.toml -o requirements/pdf.txt
	$(LOCK) requirements/test.in -c requirements/base.txt -o requirements/test.txt
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(NPM) install --package-lock-only --ignore-scripts --loglevel=error
	@! grep -nE '"resolved"|https?://[^ ]*(simple|files|registry)' package-lock.json requirements/*.txt

clean:
	rm -rf .venv node_modules build .pytest_cache .mypy_cache .ruff_cache .hypothesis
