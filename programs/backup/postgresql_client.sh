#!/bin/sh
# Runs pg_dump, pg_restore and psql for backup, restore and verification, and a server for the last. Those run in the
# MLflow image, which has none of these programs; this one runs beside them in a PostgreSQL image, which has no Python.
#
# They meet in BACKUP_WORK. A request is a file of six lines: operation, database, file, snapshot, SQL to begin with, SQL
# to check the result with. The answer is the exit code, in a file of its own, with what was said on standard error beside
# it. Each side holds a lock on a file while it lives, so that neither waits for one that is dead. Names reach libpq by
# its variables: one such as "a=b" would be read as a connection string elsewhere.
set -u
umask 077
export LC_ALL=C

work=$BACKUP_WORK
# The data of the server that a verification restores into.
data=$work/postgresql
# The program gets the signal too, and may be about to commit a restore: this one exits when that one has.
terminated=false
trap 'terminated=true' TERM

dump() {
  pg_dump --format=custom --no-password --lock-wait-timeout=60000 --snapshot="$snapshot" --file="$file"
}

# In one transaction: what was there goes, and what the file contains comes. Then .found contains what the check found,
# .ready exists, and the transaction stays open until .decision contains the statements that finish it. Without COMMIT
# among them, which an unreadable file never reaches, psql exits and everything is as before, unless the file ends the
# transaction itself: .log contains all statements, without the rows of COPY.
restore() {
  # Without large objects, around which pg_restore ends the transaction. MLflow has none.
  { pg_restore --list "$file" || return; } | sed '/^[0-9]*; [0-9]* [0-9]* BLOB/d' >"$request.list"
  {
    echo 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;'
    cat "$prologue"
    # Without comments: that of an extension can only be set by its owner, mostly a superuser. The line that is left out
    # is of PostgreSQL 17, and an older server does not know it.
    { pg_restore --no-owner --no-privileges --no-comments --exit-on-error --use-list="$request.list" --file=- "$file" &&
      : >"$request.whole"; } |
      sed '/^SET transaction_timeout = 0;$/d'
    if [ -e "$request.whole" ]; then
      cat "$epilogue"
      while [ ! -e "$request.decision" ] && [ ! -e "$request.left" ] && ! program_has_ended; do sleep 0.1; done
      if [ -e "$request.decision" ]; then cat "$request.decision"; fi
    fi
  } | {
    READY="$request.ready" psql --no-psqlrc --quiet --no-password --no-align --tuples-only --output=/dev/null \
      --log-file="$request.log" --set=ON_ERROR_STOP=1 >"$request.found"
    code=$?
    : >"$request.left"
    [ "$code" -eq 0 ] && [ -e "$request.whole" ]
  }
}

# Starts an empty server that only this pod reaches, by a socket in PGHOST. It need not outlive a crash.
serve() {
  set -- --pgdata="$data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
  # As of an embedded PostgreSQL (database/initialize.sh).
  case $(initdb --help) in *--set*) set -- "$@" --set huge_pages=off ;; esac
  initdb "$@" >/dev/null || return
  cat >>"$data/postgresql.conf" <<EOF
listen_addresses = ''
unix_socket_directories = '$PGHOST'
huge_pages = off
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 64MB
min_wal_size = 32MB
max_connections = 10
shared_buffers = 32MB
maintenance_work_mem = 32MB
max_parallel_workers = 0
autovacuum = off
jit = off
EOF
  pg_ctl start --silent --wait --timeout=300 --pgdata="$data" --log="$data.log" || { cat "$data.log" >&2; return 1; }
}

# Creates an empty database, also in place of one from an earlier attempt.
create() {
  dropdb --if-exists --maintenance-db=postgres -- "$PGDATABASE" &&
    createdb --maintenance-db=postgres -- "$PGDATABASE"
}

# Writes what statements find.
ask() {
  psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --file="$prologue" --output="$file"
}

stop() {
  if [ -e "$data/postmaster.pid" ]; then pg_ctl stop --silent --mode=immediate --pgdata="$data"; fi
}

answer() {
  {
    IFS= read -r operation
    IFS= read -r PGDATABASE
    IFS= read -r file
    IFS= read -r snapshot
    IFS= read -r prologue
    IFS= read -r epilogue
  } <"$request.taken"
  export PGDATABASE
  case $operation in
    version) pg_dump --version >"$file" ;;
    dump) dump ;;
    restore) restore ;;
    serve) serve ;;
    create) create ;;
    ask) ask ;;
    *) echo "no such operation: $operation" >&2; false ;;
  esac
}

program_has_ended() {
  [ -e "$work/program.started" ] && flock --nonblock "$work/program.lock" true
}

exec 9>"$work/client.lock"
flock 9
: >"$work/client.started"
idle=0
while :; do
  for request in "$work"/*.request; do
    [ -e "$request" ] || continue
    mv "$request" "$request.taken"
    # In the background: a restore keeps two transactions open.
    {
      answer 2>"$request.errors"
      echo $? >"$request.code"
      mv "$request.code" "$request.answer"
    } 9>&- &
  done
  # Then the program needs no more dumps.
  if program_has_ended; then stop; exit 0; fi
  if "$terminated" && [ ! -e "$work/program.started" ]; then exit 143; fi
  # Half an hour for the image of the other one to arrive.
  idle=$((idle + 1))
  if [ ! -e "$work/program.started" ] && [ "$idle" -gt 18000 ]; then
    echo 'the other container never started' >&2
    exit 1
  fi
  sleep 0.1
done
