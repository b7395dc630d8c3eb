#!/bin/sh
# Puts a backup in the place of a compose stack's database. Gateway, ledger and workers of this machine are stopped and started again; the database that was there is kept
# under another name. Nothing is charged by the restored books before the terminals were asked: GET /v1/restore shows what waits.
#   usage: infra/docker/restore.sh FOLDER      FOLDER: of infra/docker/backup.sh, or of ./kkm backup
set -eu
[ $# -eq 1 ] && [ -s "$1/database.dump" ] || { sed -n '2,4p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
secrets=${KKM_SECRETS_DIR:-$root/.kkm/secrets}
folder=$(cd "$1" && pwd)
cd "$root"
sql() { docker compose exec -T postgres psql -q -v ON_ERROR_STOP=1 -U postgres -d "$1" -c "$2" </dev/null; }
aside=kkm_before_$(date -u +%Y%m%d%H%M%S)
stopped=$(docker compose ps --services --status running | grep -E '^(gateway|ledger|terminal-worker)$' || true)
# shellcheck disable=SC2086 # Names of services, one word each.
[ -z "$stopped" ] || docker compose stop $stopped
sql postgres "alter database kkm rename to $aside"
back() {
  echo 'The restore failed; the database is as it was.' >&2
  sql postgres 'drop database if exists kkm with (force)'
  sql postgres "alter database $aside rename to kkm"
}
trap back EXIT
sql postgres 'create database kkm'
docker compose exec -T postgres pg_restore -U postgres --exit-on-error --single-transaction --dbname kkm <"$folder/database.dump"
sql kkm 'select ledger.begin_after_restore()' >/dev/null
# The rights of roles on the database itself are in no dump.
docker compose exec -T postgres /usr/local/bin/kkm-start bash /docker-entrypoint-initdb.d/10-kkm-roles.sh </dev/null >/dev/null
trap - EXIT
for key in sealing_key gateway_sealing_key; do
  kept=$folder/$(echo "$key" | tr _ -)
  if [ -s "$kept" ] && ! cmp -s "$kept" "$secrets/$key"; then
    cp "$kept" "$secrets/$key.new" && chmod 444 "$secrets/$key.new" && mv -f "$secrets/$key.new" "$secrets/$key"
  fi
done
# shellcheck disable=SC2086
[ -z "$stopped" ] || docker compose up --detach --wait --no-deps --no-recreate $stopped
echo "Restored; the database that was there is kept as $aside." >&2
