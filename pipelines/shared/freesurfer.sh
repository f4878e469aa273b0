# What the tools of FreeSurfer have in common; their scripts read it.

# set_up_freesurfer VERSION: its environment; exit code 4 where that version is not.
set_up_freesurfer() {
  if [ ! -f "${FREESURFER_HOME:-}/SetUpFreeSurfer.sh" ]; then
    echo "FREESURFER_HOME is '${FREESURFER_HOME:-}', where SetUpFreeSurfer.sh is not" >&2
    exit 4
  fi
  # FreeSurfer's own file uses variables that are not set.
  set +eu
  . "$FREESURFER_HOME/SetUpFreeSurfer.sh"
  set -eu

  # Results are filed under the version that the descriptor names. The build stamp: freesurfer-PLATFORM-VERSION-DATE-COMMIT.
  local found
  found=$(recon-all -version) || found="no recon-all"
  case $found in
    *-"$1"-*) ;;
    *)
      echo "$found is installed, the descriptor is for $1" >&2
      exit 4
      ;;
  esac
}

# run_recon_all ARGUMENTS: exit code 5 when it fails.
run_recon_all() {
  if ! recon-all "$@" -openmp "${OMP_NUM_THREADS:-1}" 2>&1 | tee recon-all.txt; then
    # DATMAN shows the last three lines: the step, and what was said before the words with which every failure ends.
    {
      grep '^#@# ' recon-all.txt | tail -n 1
      grep -v -e '^#@# ' -e '^[[:space:]]*$' -e "^$(uname -s) " -e 'exited with ERRORS at' -e '^For more details' -e '^To report a problem' \
        recon-all.txt | tail -n 2
    } >&2 || true
    exit 5
  fi
}

# require_files FOLDER FILES: exit code 6 when one of them is not there; then without what is only of use while it runs.
require_files() {
  local folder=$1 file
  shift
  for file in "$@"; do
    if [ ! -s "$folder/$file" ]; then
      echo "recon-all ended well and did not write $file" >&2
      exit 6
    fi
  done
  rm -rf "$folder/tmp" "$folder/touch" "$folder/trash"
}

# require_subject FOLDER: as require_files, of a subject with surfaces, parcellations and tables.
require_subject() {
  require_files "$1" scripts/recon-all.done mri/aseg.mgz mri/aparc+aseg.mgz mri/brainmask.mgz stats/aseg.stats \
    {surf/lh,surf/rh}.{white,pial,thickness} {label/lh,label/rh}.aparc.annot {stats/lh,stats/rh}.aparc.stats
}

# write_measures FOLDER: the tables of a subject as measures.tsv.
write_measures() {
  {
    printf 'measure\tregion\tunit\tvalue\n'
    awk -f tool/measures.awk "$1/stats/aseg.stats"
    awk -v hemisphere=lh -v cortex=Left-Cerebral-Cortex -f tool/measures.awk "$1/stats/lh.aparc.stats"
    awk -v hemisphere=rh -v cortex=Right-Cerebral-Cortex -f tool/measures.awk "$1/stats/rh.aparc.stats"
  } > measures.tsv
}
