#!/bin/bash
# FastSurfer of one T1, and its tables of numbers as one table.
# fastsurfer.sh VERSION T1 FIELD
set -eu -o pipefail
version=$1 t1=$2 field=$3

program=${FASTSURFER_HOME:-}/run_fastsurfer.sh
if [ ! -f "$program" ]; then
  echo "FASTSURFER_HOME is '${FASTSURFER_HOME:-}', where run_fastsurfer.sh is not" >&2
  exit 4
fi
# Results are filed under the version that the descriptor names. It says VERSION+COMMIT.
found=$(bash "$program" --version 2> /dev/null) || found="no FastSurfer"
if [ "${found%%+*}" != "$version" ]; then
  echo "$found is installed, the descriptor is for $version" >&2
  exit 4
fi
license=${FS_LICENSE:-${FREESURFER_HOME:-}/license.txt}
if [ ! -s "$license" ]; then
  echo "the licence of FreeSurfer is not at $license" >&2
  exit 4
fi
scanner=()
[ "$field" != 3 ] || scanner=(--3T)

[ ! -d subject ] || rmdir subject
if ! bash "$program" --t1 "$PWD/$t1" --sid subject --sd "$PWD" --fs_license "$license" --threads "${OMP_NUM_THREADS:-1}" "${scanner[@]}" > fastsurfer.txt 2>&1; then
  grep -v '^[[:space:]]*$' fastsurfer.txt | tail -n 3 >&2 || true
  exit 5
fi
for file in mri/aparc.DKTatlas+aseg.deep.mgz mri/aseg.mgz stats/aseg.stats {surf/lh,surf/rh}.{white,pial,thickness} \
  {label/lh,label/rh}.aparc.DKTatlas.mapped.annot {stats/lh,stats/rh}.aparc.DKTatlas.mapped.stats; do
  if [ ! -s "subject/$file" ]; then
    echo "FastSurfer ended well and did not write $file" >&2
    exit 6
  fi
done
{
  printf 'measure\tregion\tunit\tvalue\n'
  awk -f tool/measures.awk subject/stats/aseg.stats
  awk -v hemisphere=lh -v cortex=Left-Cerebral-Cortex -f tool/measures.awk subject/stats/lh.aparc.DKTatlas.mapped.stats
  awk -v hemisphere=rh -v cortex=Right-Cerebral-Cortex -f tool/measures.awk subject/stats/rh.aparc.DKTatlas.mapped.stats
} > measures.tsv
