# Read and not run: there was no container engine where this was written. It is kept thin over the same make targets
# that `make run` and `.ci/run` use and prove.

# --- Build: style sheet, dependencies, collected files ---
FROM python:3.11-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /portal
# The locks first: a change of our own code then needs nothing fetched anew.
COPY Makefile package.json package-lock.json .npmrc ./
COPY requirements/ requirements/
RUN make venv node_modules/.stamp
COPY . .
# collectstatic reads settings; this key and host are for this one command and stay in this stage.
RUN make assets && PORTAL_DEMO=true DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    .venv/bin/python manage.py collectstatic --noinput --verbosity 0

# --- Run: no Node, no make, no root ---
FROM python:3.11-slim
# What WeasyPrint draws with, for plans as PDF.
RUN apt-get update && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /portal portal
WORKDIR /portal
COPY requirements/pdf.txt requirements/pdf.txt
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --quiet --require-hashes -r requirements/pdf.txt
COPY . .
COPY --from=build /portal/build/collected build/collected
COPY --from=build /portal/build/static build/static
RUN mkdir -p var && chown portal: var
USER portal
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD [".venv/bin/python", "deploy/healthcheck.py"]
CMD [".venv/bin/gunicorn", "portal.wsgi", "--config", "deploy/gunicorn.conf.py", "--no-control-socket"]
