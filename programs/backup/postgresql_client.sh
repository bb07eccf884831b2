#!/bin/sh
# Runs pg_dump, pg_restore and psql for the backup and the restore. Those run in the MLflow image, which has none of
# these programs; this one runs beside them in a PostgreSQL image, which has no Python.
#
# They meet in BACKUP_WORK. A request is a file of five lines: operation, database, file, snapshot, SQL to begin with. The
# answer is the exit code, in a file of its own, with what was said on standard error beside it. Each side holds a lock on
# a file while it lives, so that neither waits for one that is dead. Names reach libpq by its variables: one such as
# "a=b" would be read as a connection string elsewhere.
set -u
umask 077
export LC_ALL=C

work=$BACKUP_WORK
# As process 1 of a container it would be deaf for the signal, and hold up the pod's end.
trap 'exit 143' TERM

dump() {
  pg_dump --format=custom --no-password --lock-wait-timeout=60000 --snapshot="$snapshot" --file="$file"
}

# All or nothing: what was there goes in the transaction that brings the new. Without COMMIT at its end, which an unreadable
# file never reaches, psql leaves and everything is as before.
restore() {
  rm -f "$work/whole"
  {
    echo 'BEGIN;'
    if [ -n "$prologue" ]; then cat "$prologue"; fi
    # Without comments: that of an extension can only be set by its owner, mostly a superuser.
    pg_restore --no-owner --no-privileges --no-comments --exit-on-error --file=- "$file" && touch "$work/whole" && echo 'COMMIT;'
    # The first line is of PostgreSQL 17, and an older server does not know it.
  } | sed '/^SET transaction_timeout = 0;$/d' |
    psql --no-psqlrc --quiet --no-password --output=/dev/null --set=ON_ERROR_STOP=1 && [ -e "$work/whole" ]
}

answer() {
  { IFS= read -r operation; IFS= read -r PGDATABASE; IFS= read -r file; IFS= read -r snapshot; IFS= read -r prologue; } <"$1"
  export PGDATABASE
  case $operation in
    version) pg_dump --version >"$file" ;;
    dump) dump ;;
    restore) restore ;;
    *) echo "no such operation: $operation" >&2; false ;;
  esac
}

# When the other container has ended there is nobody to work for.
leave_with_the_program() {
  if [ -e "$work/program.started" ] && flock --nonblock "$work/program.lock" true; then exit 0; fi
}

exec 9>"$work/client.lock"
flock 9
: >"$work/client.started"
idle=0
while :; do
  for request in "$work"/*.request; do
    [ -e "$request" ] || continue
    mv "$request" "$request.taken"
    # In the background: the trap waits for what runs in the foreground, and so would this.
    {
      answer "$request.taken" 2>"$request.errors"
      echo $? >"$request.code"
      mv "$request.code" "$request.answer"
    } 9>&- &
    while [ ! -e "$request.answer" ]; do
      leave_with_the_program
      sleep 0.1
    done
  done
  leave_with_the_program
  # Half an hour for the image of the other one to arrive.
  idle=$((idle + 1))
  if [ ! -e "$work/program.started" ] && [ "$idle" -gt 9000 ]; then
    echo 'the other container never started' >&2
    exit 1
  fi
  sleep 0.2
done
