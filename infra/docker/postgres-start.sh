#!/bin/sh
# Starts Postgres with its superuser's password, and those of KKM's roles for the first start, taken from the secret files.
# Done here, as root and before the image's own entry point, because the roles script runs as a user who may not read every secret.
set -eu
secret() { cat "/run/secrets/$1"; }
POSTGRES_PASSWORD=$(secret postgres_password)
KKM_GATEWAY_PASSWORD=$(secret gateway_database_password)
KKM_LEDGER_PASSWORD=$(secret ledger_database_password)
export POSTGRES_PASSWORD KKM_GATEWAY_PASSWORD KKM_LEDGER_PASSWORD
exec docker-entrypoint.sh "$@"
