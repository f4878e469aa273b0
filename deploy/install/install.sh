#!/usr/bin/env bash
# Installs a build of DATMAN in the places of Debian: /opt/datman (programs), /etc/datman (configuration), /var/lib/datman (state),
# a systemd unit and the command /usr/bin/datman. Called by `./datman install`; run again it upgrades, and leaves the configuration as it is.
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
root=
user=datman

usage() {
  cat <<'TEXT'
./datman install [--root DIR] [--user NAME]

  --root DIR   installs below DIR, as packagers do: no user is made, and systemd is not told
  --user NAME  the user that DATMAN runs as (datman unless said)
TEXT
}

say() { printf '%s\n' "$*" >&2; }

while [ $# -gt 0 ]; do
  case $1 in
    --root | --user)
      [ $# -gt 1 ] || { say "install: $1 needs a value"; exit 2; }
      [ "$1" = --root ] && root=$(realpath -m -- "$2") || user=$2
      shift 2
      ;;
    --help | -h) usage; exit 0 ;;
    *) say "install: there is no option '$1'"; usage >&2; exit 2 ;;
  esac
done

[[ $user =~ ^[a-z_][a-z0-9_-]*$ ]] || { say "install: '$user' is no name of a user"; exit 2; }
if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then
  say "install: only root can install into /opt, /etc and /var/lib; use sudo, or give another place with --root DIR"
  exit 1
fi

opt=$root/opt/datman
etc=$root/etc/datman
state=$root/var/lib/datman

# The new version beside the old one, then in its place: a copy that breaks off leaves the old one as it was.
new=$opt.new
rm -rf "$new"
mkdir -p "$new"
for service in ingest tagging export qc pipeline dashboard; do
  from=$checkout/$service-service/target/quarkus-app
  [ -e "$from/quarkus-run.jar" ] || { say "install: $from is not built; run ./datman build"; exit 1; }
  mkdir -p "$new/$service-service/target"
  cp -R "$from" "$new/$service-service/target/"
done
mkdir -p "$new/deploy/local/target"
cp -R "$checkout/deploy/local/target/classes" "$checkout/deploy/local/target/lib" "$new/deploy/local/target/"
cp "$checkout/datman" "$checkout/LICENSE" "$checkout/CHANGELOG.md" "$new/"
cp -R "$checkout/docs" "$new/docs"
cp -R "$checkout/pipelines" "$new/pipelines"
chmod -R u=rwX,go=rX "$new"
rm -rf "$opt.old"
[ ! -e "$opt" ] || mv "$opt" "$opt.old"
mv "$new" "$opt"
rm -rf "$opt.old"

mkdir -p "$etc/studies" "$state" "$root/usr/bin" "$root/lib/systemd/system"
if [ ! -e "$etc/datman.env" ]; then
  cat >"$etc/datman.env" <<'TEXT'
# Environment of DATMAN, for the systemd unit and the command datman: NAME=VALUE, one a line. docs/operations.md lists them all.
DATMAN_HOME=/var/lib/datman
#DATMAN_XNAT_USER=datman
#DATMAN_XNAT_PASSWORD_FILE=/etc/datman/xnat-password
# Options of `datman up`: the server at least. They are kept in /var/lib/datman/settings.properties after the first start.
DATMAN_UP=--xnat https://xnat.example.org --config /etc/datman/studies
TEXT
fi
chmod 640 "$etc/datman.env"

cat >"$root/usr/bin/datman" <<'TEXT'
#!/bin/sh
# The command of the installed DATMAN, with the environment of its service and as its user.
set -eu
user=@USER@
if [ "$(id -u)" = 0 ] && [ "${1:-}" != install ]; then
  exec runuser -u "$user" -- "$0" "$@"
fi
if ! [ -r /etc/datman/datman.env ]; then
  echo "datman: /etc/datman/datman.env cannot be read; run the command as root or as $user" >&2
  exit 1
fi
while IFS= read -r line || [ -n "$line" ]; do
  # As systemd reads it: a value may stand in quotes.
  case $line in
    [A-Z]*=\"*\") line=${line%\"} && export "${line%%=*}=${line#*=\"}" ;;
    [A-Z]*=*) export "$line" ;;
  esac
done </etc/datman/datman.env
# It looks at what the service will be started with.
if [ "${1:-}" = doctor ]; then
  shift
  # shellcheck disable=SC2086 # several options
  set -- doctor ${DATMAN_UP:-} "$@"
fi
exec /opt/datman/datman "$@"
TEXT
sed -i "s/@USER@/$user/" "$root/usr/bin/datman"
chmod 755 "$root/usr/bin/datman"

cat >"$root/lib/systemd/system/datman.service" <<TEXT
[Unit]
Description=DATMAN: MRI series from XNAT to archive, quality control and pipelines
Documentation=file:/opt/datman/docs/operations.md
Wants=network-online.target
After=network-online.target
RequiresMountsFor=/var/lib/datman
StartLimitIntervalSec=1h
StartLimitBurst=10

[Service]
User=$user
Group=$user
EnvironmentFile=/etc/datman/datman.env
ExecStart=/opt/datman/datman up --foreground \$DATMAN_UP
# The supervisor stops all processes by itself; what they have in hand begins again at the next start.
KillMode=mixed
TimeoutStopSec=150
Restart=on-failure
RestartSec=30
# The server refuses the account: each further login could make XNAT lock it.
RestartPreventExitStatus=77
# Java's own when it is asked to end.
SuccessExitStatus=143
UMask=0027
LimitNOFILE=65536
# Rootless podman needs newuidmap and a /proc of its own: docs/operations.md says what to change where tools run in it.
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=/var/lib/datman
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
CapabilityBoundingSet=
RestrictRealtime=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
RestrictSUIDSGID=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX

[Install]
WantedBy=multi-user.target
TEXT

if [ -n "$root" ]; then
  say "Installed below $root"
  exit 0
fi
if ! id "$user" >/dev/null 2>&1; then
  useradd --system --user-group --home-dir /var/lib/datman --shell /usr/sbin/nologin "$user"
fi
chown "$user:$user" "$state"
chmod 750 "$state"
chown "root:$user" "$etc" "$etc/datman.env"
chmod 750 "$etc"
# 'datman pipeline add' puts tools there.
chown "$user:$user" "$etc/studies"
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
fi
cat <<TEXT
DATMAN is in /opt/datman. Next:
  1. Put study files into /etc/datman/studies.
  2. Write the server and its account into /etc/datman/datman.env, the password into a file of user $user with mode 600.
  3. datman doctor
  4. systemctl enable --now datman; datman status
TEXT
