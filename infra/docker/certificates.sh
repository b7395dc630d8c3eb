#!/bin/sh
# Makes certificates for trials: an authority of its own, and one certificate for the broker (AMQPS) and the gateway (HTTPS) that is made out to the names given.
#   usage: infra/docker/certificates.sh DIRECTORY NAME...     NAME: a host name or an IP address by which cafés and callers reach this machine
# What exists is kept while it holds another 30 days and is made out to the same names, so it may be run again; the authority is kept as long as it holds. Where guests
# pay, take certificates that your own authority signs: the files keep their names. Needs openssl.
set -eu
[ $# -ge 2 ] || { sed -n '2,5p' "$0" >&2; exit 2; }
command -v openssl >/dev/null 2>&1 || { echo 'openssl is missing: apt-get install -y openssl' >&2; exit 3; }
directory=$1
shift
umask 077
mkdir -p "$directory"
chmod 700 "$directory"
cd "$directory"

month=2592000
holds() { [ -s "$1" ] && openssl x509 -in "$1" -noout -checkend "$month" >/dev/null 2>&1; }

names=
for name in "$@"; do
  case $name in
    *[!A-Za-z0-9.:-]* | '') echo "$name is no host name and no address" >&2; exit 2 ;;
    *:* | *[!0-9.]*) case $name in *:*) entry=IP:$name ;; *) entry=DNS:$name ;; esac ;;
    *) entry=IP:$name ;;
  esac
  names=${names:+$names,}$entry
done

if ! holds ca_certificate; then
  openssl ecparam -name prime256v1 -genkey -noout -out ca_key.new
  openssl req -x509 -new -key ca_key.new -sha256 -days 1825 -subj '/O=KKM/CN=KKM trial authority' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' -out ca_certificate.new
  mv ca_key.new ca_key
  mv ca_certificate.new ca_certificate
  rm -f server_certificate
fi

if ! holds server_certificate || [ "$(cat server_names 2>/dev/null)" != "$names" ]; then
  openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out server_key.new
  printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=%s\n' "$names" >server.ext
  openssl req -new -key server_key.new -subj '/O=KKM/CN=KKM head office' |
    openssl x509 -req -sha256 -days 365 -CA ca_certificate -CAkey ca_key -CAcreateserial -extfile server.ext -out server_certificate.new 2>/dev/null
  mv server_key.new server_key
  mv server_certificate.new server_certificate
  printf '%s' "$names" >server_names
  rm -f server.ext
fi

# Compose mounts the files as they are, and the services in the containers run as users of their own; the directory is for its owner alone. The authority's key stays here.
chmod 444 ca_certificate server_certificate server_key
chmod 400 ca_key
echo "Certificates for $names are in $directory; whoever connects has to trust ca_certificate." >&2
