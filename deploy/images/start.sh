#!/bin/bash
# Starts what an image is for. The password of the database may come from a file, as the passwords of DATMAN itself do:
# Quarkus reads it from the environment only.
set -euo pipefail
if [[ -n ${QUARKUS_DATASOURCE_PASSWORD_FILE:-} ]]; then
  if [[ ! -r $QUARKUS_DATASOURCE_PASSWORD_FILE ]]; then
    echo "QUARKUS_DATASOURCE_PASSWORD_FILE: $QUARKUS_DATASOURCE_PASSWORD_FILE cannot be read by user $(id -u); let it be readable by that user" >&2
    exit 1
  fi
  QUARKUS_DATASOURCE_PASSWORD=$(<"$QUARKUS_DATASOURCE_PASSWORD_FILE")
  export QUARKUS_DATASOURCE_PASSWORD
  unset QUARKUS_DATASOURCE_PASSWORD_FILE
fi
exec "$@"
