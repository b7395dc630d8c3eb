#!/bin/sh
# Draws the secrets of a head office and makes certificates for a trial. What exists is kept, so it may be run again.
#   usage: infra/head-office/prepare.sh NAME...     NAME: a host name or an IP address by which cafés and callers reach this machine
set -eu
[ $# -ge 1 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
directory=${KKM_SECRETS_DIR:-$root/.kkm/head-office}
KKM_SHAPE=head-office "$root/infra/docker/secrets.sh" "$directory"
"$root/infra/docker/certificates.sh" "$directory" "$@"
