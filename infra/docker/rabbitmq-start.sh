#!/bin/sh
# Starts RabbitMQ with its administrator's password taken from the secret file. The services' own users are made by the set-up program.
set -eu
RABBITMQ_DEFAULT_PASS=$(cat /run/secrets/broker_admin_password)
export RABBITMQ_DEFAULT_PASS
exec docker-entrypoint.sh "$@"
