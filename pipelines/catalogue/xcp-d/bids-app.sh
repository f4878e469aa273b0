#!/bin/sh
# A BIDS App for one participant, and the numbers of its results as one table.
# bids-app.sh PROGRAM VERSION DATASET PARTICIPANT [ARGUMENT ...]
# VERSION - is not checked. An argument CORES is the number of cores, RUN/NAME a path in the folder of the run: apps change their working folder.
# --freesurfer-subject FOLDER is not for the App: FreeSurfer's folder of the participant, which it finds below RUN/freesurfer.
set -eu
program=$1 version=$2 dataset=$3 label=${4#sub-}
shift 4

if ! command -v "$program" > /dev/null; then
  echo "$program is not in PATH" >&2
  exit 4
fi
# Results are filed under the version that the descriptor names. Apps say it in a line with their name, as "v1.2.3" or "1.2.3".
if [ "$version" != - ]; then
  found=$("$program" --version 2> /dev/null) || found="no version"
  if ! printf '%s\n' "$found" | tr -c '0-9A-Za-z.+-' '\n' | sed 's/^v//' | grep -qxF -e "$version"; then
    echo "$found is installed, the descriptor is for $version" >&2
    exit 4
  fi
fi

# The arguments once around.
subject='' before=''
for argument in "$@"; do
  shift
  case $argument in
    CORES) argument=${OMP_NUM_THREADS:-1} ;;
    RUN/*) argument=$PWD/${argument#RUN/} ;;
  esac
  if [ "$before" = --freesurfer-subject ]; then
    subject=$argument
  elif [ "$argument" != --freesurfer-subject ]; then
    set -- "$@" "$argument"
  fi
  before=$argument
done
if [ -n "$subject" ]; then
  # A copy: the App adds files to it.
  mkdir -p freesurfer
  cp -R "$subject" "freesurfer/sub-$label"
fi
if ! "$program" "$PWD/$dataset" "$PWD/results" participant --participant-label "$label" "$@" > app.txt 2>&1; then
  grep -v '^[[:space:]]*$' app.txt | tail -n 3 >&2 || true
  exit 5
fi
if [ -z "$(find results -path "*sub-$label*" -type f 2> /dev/null | head -n 1)" ]; then
  echo "$program ended well and wrote nothing of sub-$label" >&2
  exit 6
fi
python3 tool/numbers.py results > measures.tsv
# FreeSurfer's numbers, where this run made them.
stats=freesurfer/sub-$label/stats
if [ -z "$subject" ] && [ -f tool/measures.awk ] && [ -d "$stats" ]; then
  {
    awk -f tool/measures.awk "$stats/aseg.stats"
    awk -v hemisphere=lh -v cortex=Left-Cerebral-Cortex -f tool/measures.awk "$stats/lh.aparc.stats"
    awk -v hemisphere=rh -v cortex=Right-Cerebral-Cortex -f tool/measures.awk "$stats/rh.aparc.stats"
  } >> measures.tsv || exit 7
fi
