#!/usr/bin/env bash
# Makes the secrets of compose.yaml that are not there yet, each of random letters.
#
#   deploy/compose/secrets.sh [FOLDER]
#
# Containers run as users that own none of the files, so all may read the files and only you may enter the folder.
set -euo pipefail
folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
for name in postgres-password webhook-secret dashboard-password dashboard-session-key; do
  if [ ! -s "$folder/$name" ]; then
    head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$folder/$name"
    echo "$folder/$name"
  fi
  chmod 444 "$folder/$name"
done
# Not made up: services would log in with it, and XNAT locks accounts.
if [ -s "$folder/xnat-password" ]; then
  chmod 444 "$folder/xnat-password"
else
  echo "Write the password of the account on XNAT into $folder/xnat-password, and call this again." >&2
fi
