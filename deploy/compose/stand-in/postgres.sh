#!/bin/bash
# PostgreSQL with the settings of the image postgres that compose.yaml uses.
set -euo pipefail
data=/var/lib/postgresql/data/pgdata
bin=/usr/local/pgsql/bin
if [[ ! -s $data/PG_VERSION ]]; then
  "$bin/initdb" --pgdata="$data" --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --encoding=UTF8 \
    --locale=C.UTF-8 --auth-local=scram-sha-256 --auth-host=scram-sha-256 $POSTGRES_INITDB_ARGS
  echo "CREATE DATABASE \"$POSTGRES_DB\";" | "$bin/postgres" --single -D "$data" postgres
  echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
fi
exec "$bin/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
