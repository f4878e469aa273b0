#!/bin/bash
# FreeSurfer's processing of a time point with the template of its participant, and its tables of numbers as one table.
# long.sh VERSION SUBJECT BASE SESSION
set -eu -o pipefail
. tool/freesurfer.sh
set_up_freesurfer "$1"
subject=$2 base=$3 session=$4

if ! grep -q -x -F -e "$session" "$base/base-tps"; then
  echo "The template was made without $session" >&2
  exit 8
fi
# Copies: inputs are read-only, and recon-all marks subjects that it works on.
mkdir subjects
cp -R "$subject" "subjects/$session"
cp -R "$base" subjects/base
chmod -R u+w subjects

run_recon_all -long "$session" base -all -sd "$PWD/subjects"
require_subject "subjects/$session.long.base"
[ ! -d subject_long ] || rmdir subject_long
mv "subjects/$session.long.base" subject_long
write_measures subject_long
