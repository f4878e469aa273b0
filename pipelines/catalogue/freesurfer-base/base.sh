#!/bin/bash
# FreeSurfer's template of all time points of a participant.
# base.sh VERSION TIMEPOINTS: TIMEPOINTS/<session>/<run>/subject is the subject of a session
set -eu -o pipefail
. tool/freesurfer.sh
set_up_freesurfer "$1"
timepoints=$2

# A time point has the name of its session. Copies: inputs are read-only, and recon-all marks subjects that it works on.
mkdir subjects
names=()
for subject in "$timepoints"/*/*/subject; do
  [ -d "$subject" ] || continue
  name=$(basename "$(dirname "$(dirname "$subject")")")
  cp -R "$subject" "subjects/$name"
  names+=(-tp "$name")
done
chmod -R u+w subjects
if [ ${#names[@]} -eq 0 ]; then
  echo "There is no folder of a subject in $timepoints" >&2
  exit 7
fi

run_recon_all -base base "${names[@]}" -all -sd "$PWD/subjects"
require_files subjects/base base-tps scripts/recon-all.done mri/aseg.mgz mri/brainmask.mgz {surf/lh,surf/rh}.white
[ ! -d base ] || rmdir base
mv subjects/base base
