#!/bin/sh
# planted.sh TOOL SESSION RESULT INPUT... : the digest of all of them. The folder of the ledger has what is planted, and gets when each run began and ended.
set -e
tool=$1 who=$2 result=$3
shift 3
ledger=$(cat "$(dirname "$0")/../../../ledger")
note="$ledger/$who.$tool"
planted=$(sed -n "s/^$who $tool //p" "$ledger/planted")
echo "begin $(date +%s.%N)" >> "$note"
trap 'echo "end $(date +%s.%N)" >> "$note"' EXIT
sleep 0.5
case $planted in
  fails) echo "planted to fail" >&2; exit 3 ;;
  nothing) exit 0 ;;
  once) [ "$(grep -c begin "$note")" -gt 1 ] || exit 75 ;;
esac
{ echo "$tool $who"; cat "$@"; } | sha256sum | cut -d ' ' -f 1 > "$result"
