#!/usr/bin/env bash
# The official BIDS validator 3.0.2 (schema 1.2.7):
# 1. compares lists in sidecars by identity: the same SliceTiming at the top and beside the image is a SIDECAR_FIELD_OVERRIDE;
# 2. reads 1,000 rows of a table unless --max-rows says otherwise: a wrong value in row 1,400 is not found;
# 3. never finds UNUSED_STIMULUS: it ignores the folder stimuli before it looks for what nobody uses there.
# Needs Python 3.11 and PyPI (the package brings Deno, 45 MB). Exits 0 while it behaves so.
. "$(dirname "$0")/common/tools.sh"
pypi bids-validator-deno==3.0.2
"$work/venv/bin/bids-validator-deno" --version

mkdir -p "$work/set/sub-01/func" "$work/set/stimuli"
cd "$work/set"
echo '{"Name": "n", "BIDSVersion": "1.11.1", "DatasetType": "raw"}' >dataset_description.json
yes 'About this dataset.' | head -20 >README || true
echo 'x' >sub-01/func/sub-01_task-x_bold.nii
echo '{"RepetitionTime": 2.0, "SliceTiming": [0.0, 1.0]}' >task-x_bold.json
echo '{"SliceTiming": [0.0, 1.0]}' >sub-01/func/sub-01_task-x_bold.json
printf 'onset\tduration\n1\t1\n' >sub-01/func/sub-01_task-x_events.tsv
echo 'x' >stimuli/never-shown.png
{
  printf 'participant_id\tage\n'
  for i in $(seq 1 1500); do printf 'sub-%02d\t%s\n' "$i" "$([ "$i" = 1400 ] && echo old || echo 30)"; done
} >participants.tsv

count() {
  "$work/venv/bin/bids-validator-deno" --format json --ignoreNiftiHeaders "${@:2}" . | grep -o "\"code\":\"$1\"" | wc -l
}

expect "equal lists that are an override" 1 "$(count SIDECAR_FIELD_OVERRIDE)"
expect "wrong values found as it is called" 0 "$(count TSV_VALUE_INCORRECT_TYPE)"
expect "wrong values found with --max-rows -1" 1 "$(count TSV_VALUE_INCORRECT_TYPE --max-rows -1)"
expect "unused stimuli found" 0 "$(count UNUSED_STIMULUS)"
exit "$failed"
