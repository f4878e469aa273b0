#!/bin/bash
# FreeSurfer's recon-all of one session, and its tables of numbers as one table.
# recon-all.sh VERSION T1 [-T2 T2 | -FLAIR FLAIR]
set -eu -o pipefail
. tool/freesurfer.sh
set_up_freesurfer "$1"
t1=$2
shift 2
if [ $# -gt 0 ]; then
  set -- "$1" "$PWD/$2" "$1pial"
fi

# recon-all refuses a subject that is there, and the folders of declared outputs are.
[ ! -d subject ] || rmdir subject
run_recon_all -all -sd "$PWD" -s subject -i "$PWD/$t1" "$@"
require_subject subject
write_measures subject
