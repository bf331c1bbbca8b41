#!/usr/bin/env bash
# Run a command with a PostgreSQL to throw away, on this machine alone: tests/with_postgres.sh make test-fast
# Gives the command DATABASE_URL and BENCH_POSTGRES. Needs Debian's package postgresql; no server need be running.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,3s/^# //p' "$0"; exit 2; }

bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin -type d 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "PostgreSQL is not here. Get it with: apt-get install postgresql" >&2; exit 1; }
cluster=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres: "$cluster"
finish() {
  as_postgres "$bin/pg_ctl" -D "$cluster/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$cluster"
}
trap finish EXIT

as_postgres "$bin/initdb" -D "$cluster/data" -U portal --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
# Nothing here outlives the run, so nothing waits for the disk; and no plan of a query is compiled for tables of ten rows.
quick="-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0 -c jit=off"
# log_min_error_statement=panic and log_error_verbosity=terse: a refused row is never written to PostgreSQL's log.
as_postgres "$bin/pg_ctl" -D "$cluster/data" -l "$cluster/log" -w -o \
  "-c listen_addresses=127.0.0.1 -p $port -k $cluster $quick -c log_min_error_statement=panic -c log_error_verbosity=terse" start >/dev/null
as_postgres "$bin/createdb" -h 127.0.0.1 -p "$port" -U portal portal

export DATABASE_URL="postgres://portal@127.0.0.1:$port/portal"
export BENCH_POSTGRES="$DATABASE_URL"
"$@"
