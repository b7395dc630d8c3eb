#!/bin/sh
# Shuts a café out: its broker account is deleted and its connections end at once.
#   usage: infra/head-office/remove-site.sh SITE
set -eu
[ $# -eq 1 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
case $1 in
  '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) echo "$1 is no id of a site" >&2; exit 2 ;;
esac
root=$(cd "$(dirname "$0")/../.." && pwd)
KKM_SECRETS_DIR=${KKM_SECRETS_DIR:-$root/.kkm/head-office}
export KKM_SECRETS_DIR
docker compose ${KKM_PROJECT:+-p "$KKM_PROJECT"} -f "$root/infra/head-office/docker-compose.yml" run --rm --no-deps -T \
  -e "KKM_SITE_ID=$1" site-account node dist/tools/setup/main.js remove-site </dev/null
rm -rf "${KKM_SECRETS_DIR:?}/sites/$1" "$KKM_SECRETS_DIR/sites/$1.password"
