#!/bin/sh
# Makes the secrets of the compose stack: every password, the first admin's too, and the first API key are drawn here, nothing has a default.
#   usage: infra/docker/secrets.sh [DIRECTORY]     (default: .kkm/secrets of this checkout, or KKM_SECRETS_DIR)
# A head office (KKM_SHAPE=head-office) has no café's account and no virtual bank.
# What exists is kept, so it may be run again. The directory is for its owner alone (0700); the files in it are readable (0444),
# because compose mounts them as they are and the services inside the containers run as users of their own.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
directory=${1:-${KKM_SECRETS_DIR:-$root/.kkm/secrets}}
umask 077
mkdir -p "$directory"
chmod 700 "$directory"

# 48 hexadecimal digits: 192 bits, and nothing that a URL would have to escape.
draw() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# keep NAME VALUE: writes the secret unless it exists, and says which value is in force.
keep() {
  if [ ! -s "$directory/$1" ]; then
    printf '%s' "$2" >"$directory/$1.new"
    chmod 444 "$directory/$1.new"
    mv "$directory/$1.new" "$directory/$1"
  fi
  cat "$directory/$1"
}

shape=${KKM_SHAPE:-cafe}
site=${KKM_SITE_ID:-club-1}
keep postgres_password "$(draw)" >/dev/null
gateway=$(keep gateway_database_password "$(draw)")
ledger=$(keep ledger_database_password "$(draw)")
keep broker_admin_password "$(draw)" >/dev/null
kkm=$(keep broker_kkm_password "$(draw)")
keep gateway_database_url "postgres://kkm_gateway:$gateway@postgres:5432/kkm" >/dev/null
keep ledger_database_url "postgres://kkm_ledger:$ledger@postgres:5432/kkm" >/dev/null
keep broker_kkm_url "amqp://kkm:$kkm@rabbitmq:5672/kkm" >/dev/null
if [ "$shape" = cafe ]; then
  worker=$(keep broker_site_password "$(draw)")
  keep broker_site_url "amqp://site-$site:$worker@rabbitmq:5672/kkm" >/dev/null
  sbp=$(keep sbp_secret "sbp_$(draw)")
  keep sbp_accounts "MA0000000001:$sbp" >/dev/null
fi
keep api_key "kkm_$(draw)" >/dev/null
# What the ledger's key for the secrets of banks is made from: 32 bytes in base64url. Whoever loses it sets every bank anew.
seed() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
keep sealing_key "$(seed)" >/dev/null
# The same for the gateway, which keeps the passwords of fiscal registers.
keep gateway_sealing_key "$(seed)" >/dev/null
# The two accounts of the KkmServer door.
keep kkmserver_user_password "$(draw)" >/dev/null
keep kkmserver_admin_password "$(draw)" >/dev/null
# The first admin of the admin page, by the name of admin; he may set another password there.
keep admin_password "$(draw)" >/dev/null
# The admin of Grafana, where the monitoring profile runs.
keep grafana_password "$(draw)" >/dev/null
echo "Secrets are in $directory; the API key is in api_key, the password of the page's user admin in admin_password." >&2
