#!/usr/bin/env bash
# The official BIDS validator 3.0.2 (schema 1.2.7) ends with an uncaught TypeError and prints no report at all for two small faults:
# 1. participants.json describes a column with a "Format" that the schema does not know (here "float");
# 2. a physioevents.tsv.gz names an "OnsetSource" and no physio.tsv.gz is beside it: the message of MISSING_ONSET_COLUMN has a name in braces
#    that has no value then.
# Needs Python 3.11 and PyPI (the package brings Deno, 45 MB). Exits 0 while it behaves so.
. "$(dirname "$0")/common/tools.sh"
pypi bids-validator-deno==3.0.2
"$work/venv/bin/bids-validator-deno" --version

dataset() {
  mkdir -p "$1/sub-01/func"
  echo '{"Name": "n", "BIDSVersion": "1.11.1", "DatasetType": "raw"}' >"$1/dataset_description.json"
  yes 'About this dataset.' | head -20 >"$1/README" || true
  printf 'onset\tduration\n1\t1\n' >"$1/sub-01/func/sub-01_task-x_events.tsv"
}

# The report's first character, or the kind of the error.
seen() {
  "$work/venv/bin/bids-validator-deno" --format json --no-color "$1" >"$work/report" 2>"$work/error" || true
  if [ -s "$work/report" ]; then head -c 1 "$work/report"; else grep -o "TypeError: Cannot read properties of undefined (reading '[a-z]*')" "$work/error" | head -1; fi
}

dataset "$work/plain"
expect "a plain dataset is reported" "{" "$(seen "$work/plain")"

dataset "$work/format"
printf 'participant_id\tweight\nsub-01\t4.5\n' >"$work/format/participants.tsv"
echo '{"weight": {"Description": "weight", "Format": "float"}}' >"$work/format/participants.json"
expect "an unknown Format of a column" "TypeError: Cannot read properties of undefined (reading 'pattern')" "$(seen "$work/format")"

dataset "$work/onset"
printf '1\t2\n' | gzip -n >"$work/onset/sub-01/func/sub-01_task-x_physioevents.tsv.gz"
echo '{"Columns": ["onset", "duration"], "OnsetSource": "timestamp"}' >"$work/onset/sub-01/func/sub-01_task-x_physioevents.json"
expect "an OnsetSource without physio file" "TypeError: Cannot read properties of undefined (reading 'path')" "$(seen "$work/onset")"
exit "$failed"
