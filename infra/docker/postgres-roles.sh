#!/bin/bash
# Runs once, when the database cluster is made: the same roles and schemas as ./kkm up makes.
set -euo pipefail
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  -v gateway="$KKM_GATEWAY_PASSWORD" -v ledger="$KKM_LEDGER_PASSWORD" <<'SQL'
SET kkm.gateway_password = :'gateway';
SET kkm.ledger_password = :'ledger';
\i /usr/local/share/kkm/roles.sql
SQL
