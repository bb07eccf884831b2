#!/bin/sh
# Creates the data directory of an embedded PostgreSQL if there is none, and sets MLflow's role at every start to what
# its Secret says. Runs before the server, in the same image, and can be terminated and run again at any moment.
#
# PGDATA: the data directory, below the volume. MLFLOW_DB_USERNAME, MLFLOW_DB_PASSWORD: MLflow's role.
# Flux reads a dollar sign before a brace as its own, so none is used here.
set -e
umask 077
# The superuser, by the socket and its user's name alone: it has no password, so nobody logs in as it from elsewhere.
[ -n "$PGHOST" ] || PGHOST=/var/run/postgresql
export PGHOST PGUSER=postgres PGDATABASE=postgres
unset PGPASSWORD

say() { echo "initialize: $*"; }
fail() {
  echo "initialize: $*" >&2
  exit 1
}

[ -n "$MLFLOW_DB_USERNAME" ] || fail "the Secret's key with the user name is empty (give a name)"
[ -n "$MLFLOW_DB_PASSWORD" ] || fail "the Secret's key with the password is empty (give a password)"
[ "$(printf %s "$MLFLOW_DB_USERNAME" | wc -c)" -le 63 ] ||
  fail "the user name in the Secret is longer than PostgreSQL's 63 bytes (shorten it)"
case $MLFLOW_DB_USERNAME in
  postgres) fail "the Secret names postgres, which is PostgreSQL's superuser (use another name, such as mlflow)" ;;
  pg_*) fail "the user name in the Secret starts with pg_, which PostgreSQL keeps for itself (use another name, such as mlflow)" ;;
esac
case $MLFLOW_DB_PASSWORD in
  md5*[!0-9a-f]*) ;;
  md5???????????????????????????????? | SCRAM-SHA-256\$*:*\$*:*)
    fail "PostgreSQL would take the password in the Secret for a hash of one (use another)" ;;
esac

# Two servers on one directory would destroy it. The server holds the same lock for as long as it lives.
exec 9>"$(dirname "$PGDATA")/lock"
if ! flock --nonblock 9; then
  say "waiting for another PostgreSQL that still uses this volume to end"
  # As process 1 a shell ignores SIGTERM unless it says otherwise, and it hears nothing while a program runs before it.
  trap 'exit 143' TERM
  flock 9 &
  wait $!
fi

if [ ! -e "$PGDATA" ]; then
  say "creating a data directory"
  # A folder that has the name is complete: what an interrupted run left is created again.
  rm -rf "$PGDATA.new"
  set -- --pgdata="$PGDATA.new" --username=postgres --auth-local=peer --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --data-checksums
  # Where nodes have huge pages, a container that asked for none is killed at their first use. Releases below 16 have no
  # such option.
  case $(initdb --help) in *--set*) set -- "$@" --set huge_pages=off ;; esac
  initdb "$@" >/dev/null
  echo 'host all all all scram-sha-256' >>"$PGDATA.new/pg_hba.conf"
  sync --file-system "$(dirname "$PGDATA")"
  mv "$PGDATA.new" "$PGDATA"
  # Before anything is written into it: if a power cut brought the old name back, all would be created again.
  sync --file-system "$(dirname "$PGDATA")"
fi

data=$(cat "$PGDATA/PG_VERSION")
program=$(postgres --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
[ "$data" = "$program" ] ||
  fail "the data directory is of PostgreSQL $data, the image holds $program (use an image of $data; to change the major release, dump and restore)"

# A volume's group permission that Kubernetes set again would keep the server from starting.
chmod 700 "$PGDATA"

# What an earlier attempt of this pod had to say is over.
rm -f "$PGHOST/initialize.log"
pg_ctl start --silent --wait --timeout=3600 --log="$PGHOST/initialize.log" \
  --options="-c listen_addresses='' -c huge_pages=off -c unix_socket_directories=$PGHOST" || {
  cat "$PGHOST/initialize.log" >&2
  fail "PostgreSQL does not start (see the lines above)"
}

# Names and passwords reach psql by its environment, and SQL by psql's quoting. Whatever the server is set to log, it
# logs nothing of this session: statements are below the level of a panic.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=VERBOSITY=terse >/dev/null <<'SQL' || fail "MLflow's role cannot be created (see the line above)"
\getenv username MLFLOW_DB_USERNAME
\getenv password MLFLOW_DB_PASSWORD
SET log_min_messages = 'panic';
SET password_encryption = 'scram-sha-256';
-- Whose user has a database here already may have neighbours; one who has none is a changed name. The message consists of
-- texts within texts, each quoted by PostgreSQL, since a name may hold anything.
SELECT DISTINCT format('DO %L', format('BEGIN RAISE EXCEPTION USING MESSAGE = %L; END',
         format('the databases belong to %I, and the Secret names another user (give it that name)', owner.rolname)))
  FROM pg_catalog.pg_database JOIN pg_catalog.pg_roles AS owner ON owner.oid = datdba
 WHERE owner.rolname <> 'postgres'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_database JOIN pg_catalog.pg_roles AS role ON role.oid = datdba
                    WHERE role.rolname = :'username') \gexec
SELECT format('CREATE ROLE %I', :'username')
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'username') \gexec
ALTER ROLE :"username" LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
SQL

pg_ctl stop --silent --wait --mode=fast --timeout=3600
say "PostgreSQL $program is ready to start, and MLflow's role is as its Secret says"
