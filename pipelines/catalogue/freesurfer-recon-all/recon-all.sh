#!/bin/bash
# FreeSurfer's recon-all of one session, and its tables of numbers as one table.
# recon-all.sh VERSION T1 [-T2 T2 | -FLAIR FLAIR]
set -eu -o pipefail
version=$1 t1=$2
shift 2

if [ ! -f "${FREESURFER_HOME:-}/SetUpFreeSurfer.sh" ]; then
  echo "FREESURFER_HOME is '${FREESURFER_HOME:-}', where SetUpFreeSurfer.sh is not" >&2
  exit 4
fi
# FreeSurfer's own file uses variables that are not set.
set +eu
. "$FREESURFER_HOME/SetUpFreeSurfer.sh"
set -eu

# Results are filed under the version that the descriptor names. The build stamp: freesurfer-PLATFORM-VERSION-DATE-COMMIT.
found=$(recon-all -version) || found="no recon-all"
case $found in
  *-"$version"-*) ;;
  *)
    echo "$found is installed, the descriptor is for $version" >&2
    exit 4
    ;;
esac

if [ $# -gt 0 ]; then
  set -- "$1" "$PWD/$2" "$1pial"
fi

# recon-all refuses a subject that is there, and the folders of declared outputs are.
[ ! -d subject ] || rmdir subject
if ! recon-all -all -sd "$PWD" -s subject -i "$PWD/$t1" "$@" -openmp "${OMP_NUM_THREADS:-1}" 2>&1 | tee recon-all.txt; then
  # DATMAN shows the last three lines: the step, and what was said before the words with which every failure ends.
  {
    grep '^#@# ' recon-all.txt | tail -n 1
    grep -v -e '^#@# ' -e '^[[:space:]]*$' -e "^$(uname -s) " -e 'exited with ERRORS at' -e '^For more details' -e '^To report a problem' \
      recon-all.txt | tail -n 2
  } >&2 || true
  exit 5
fi

for file in scripts/recon-all.done mri/aseg.mgz mri/aparc+aseg.mgz mri/brainmask.mgz stats/aseg.stats \
  {surf/lh,surf/rh}.{white,pial,thickness} {label/lh,label/rh}.aparc.annot {stats/lh,stats/rh}.aparc.stats; do
  if [ ! -s "subject/$file" ]; then
    echo "recon-all ended well and did not write $file" >&2
    exit 6
  fi
done
rm -rf subject/tmp subject/touch subject/trash
{
  printf 'measure\tregion\tunit\tvalue\n'
  awk -f tool/measures.awk subject/stats/aseg.stats
  awk -v hemisphere=lh -v cortex=Left-Cerebral-Cortex -f tool/measures.awk subject/stats/lh.aparc.stats
  awk -v hemisphere=rh -v cortex=Right-Cerebral-Cortex -f tool/measures.awk subject/stats/rh.aparc.stats
} > measures.tsv
