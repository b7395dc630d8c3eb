#!/bin/sh
# Backs a compose stack up while it runs: the database of gateway and ledger, and the keys without which the secrets in it cannot be read.
#   usage: infra/docker/backup.sh FOLDER      FOLDER: a new one; the stack is that of docker-compose.yml here, or the one that COMPOSE_FILE and COMPOSE_PROJECT_NAME name
set -eu
[ $# -eq 1 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
secrets=${KKM_SECRETS_DIR:-$root/.kkm/secrets}
folder=$1
[ ! -e "$folder" ] || { echo "$folder is there already; a backup never replaces another" >&2; exit 2; }
umask 077
mkdir -p "$folder.unfinished"
in_postgres() { (cd "$root" && docker compose exec -T postgres "$@" </dev/null); }
# What is restored from it then knows how old it is.
in_postgres psql -q -v ON_ERROR_STOP=1 -U postgres -d kkm -c 'insert into ledger.backup default values'
in_postgres pg_dump -U postgres --format=custom kkm >"$folder.unfinished/database.dump"
cp "$secrets/sealing_key" "$folder.unfinished/sealing-key"
cp "$secrets/gateway_sealing_key" "$folder.unfinished/gateway-sealing-key"
mv "$folder.unfinished" "$folder"
echo "$folder holds the database and the keys of the secrets in it: keep it where nobody else reads, and not on this machine alone." >&2
