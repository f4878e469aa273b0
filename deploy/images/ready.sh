#!/bin/bash
# Whether a service is ready, for health checks of containers: asks its management port, with bash alone.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${DATMAN_MANAGEMENT_PORT:-9000}"
printf 'GET /q/health/%s HTTP/1.0\r\nHost: localhost\r\n\r\n' "${1:-ready}" >&3
read -r -t 4 _ status _ <&3
[[ $status == 200 ]]
