#!/bin/sh
# Makes a café's broker account, whose rights end at its own terminals, and the folder that its machine needs (infra/site). The head office must be up.
#   usage: infra/head-office/add-site.sh SITE NAME[:PORT]     NAME: by which the café reaches this machine, PORT: 5671 unless KKM_AMQPS_PORT says otherwise
# Run again it keeps the password; with KKM_NEW_PASSWORD=yes it draws another, and the café needs the folder anew.
set -eu
[ $# -eq 2 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
site=$1 address=$2
case $site in
  '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) echo "$site is no id of a site" >&2; exit 2 ;;
esac
case $address in *:*) ;; *) address=$address:${KKM_AMQPS_PORT:-5671} ;; esac
root=$(cd "$(dirname "$0")/../.." && pwd)
KKM_SECRETS_DIR=${KKM_SECRETS_DIR:-$root/.kkm/head-office}
export KKM_SECRETS_DIR
umask 077
folder=$KKM_SECRETS_DIR/sites/$site
mkdir -p "$folder"
password=$KKM_SECRETS_DIR/sites/$site.password
if [ ! -s "$password" ] || [ "${KKM_NEW_PASSWORD:-}" = yes ]; then
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$password.new"
  chmod 444 "$password.new"
  mv -f "$password.new" "$password"
fi

docker compose ${KKM_PROJECT:+-p "$KKM_PROJECT"} -f "$root/infra/head-office/docker-compose.yml" run --rm --no-deps -T \
  -e "KKM_SITE_ID=$site" -e KKM_AMQP_SITE_PASSWORD_FILE=/run/secrets/site_password -v "$password:/run/secrets/site_password:ro" site-account </dev/null

put() { printf '%s' "$2" >"$folder/$1.new"; chmod 444 "$folder/$1.new"; mv -f "$folder/$1.new" "$folder/$1"; }
put site_id "$site"
put broker_url "amqps://site-$site:$(cat "$password")@$address/kkm"
put ca_certificate "$(cat "$KKM_SECRETS_DIR/ca_certificate")"
echo "Bring $folder to the café, by a way that nobody else reads; infra/site/docker-compose.yml says what to do with it." >&2
