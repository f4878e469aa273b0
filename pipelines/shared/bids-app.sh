#!/bin/sh
# A BIDS App for one participant, and the numbers of its results as one table.
# bids-app.sh PROGRAM VERSION DATASET PARTICIPANT [ARGUMENT ...]
# VERSION - is not checked. An argument CORES is the number of cores, RUN/NAME a path in the folder of the run: apps change their working folder.
# Two arguments are not for the App. --freesurfer-subject FOLDER: FreeSurfer's folder of the participant, which the App finds below RUN/freesurfer.
# --numbers-expected: results without numbers are a failure.
set -eu
program=$1 version=$2 dataset=$3 label=${4#sub-}
shift 4

for needed in "$program" python3; do
  if ! command -v "$needed" > /dev/null; then
    echo "$needed is not in PATH" >&2
    exit 4
  fi
done
# Results are filed under the version that the descriptor names. Apps say it in a line with their name, as "v1.2.3" or "1.2.3".
if [ "$version" != - ]; then
  found=$("$program" --version 2> /dev/null) || found="no version"
  if ! printf '%s\n' "$found" | tr -c '0-9A-Za-z.+-' '\n' | sed 's/^v//' | grep -qxF -e "$version"; then
    echo "$found is installed, the descriptor is for $version" >&2
    exit 4
  fi
fi

# The arguments once around.
subject='' before='' numbers='' surfaces=yes
for argument in "$@"; do
  shift
  case $argument in
    CORES) argument=${OMP_NUM_THREADS:-1} ;;
    RUN/*) argument=$PWD/${argument#RUN/} ;;
    --fs-no-reconall) surfaces='' ;;
  esac
  if [ "$before" = --freesurfer-subject ]; then
    subject=$argument surfaces=''
  elif [ "$argument" = --numbers-expected ]; then
    numbers=yes
  elif [ "$argument" != --freesurfer-subject ]; then
    set -- "$@" "$argument"
  fi
  before=$argument
done
if [ -n "$subject" ]; then
  # A copy that may be changed: inputs are only to be read, and the App adds files.
  mkdir -p freesurfer
  cp -R "$subject" "freesurfer/sub-$label"
  chmod -R u+w "freesurfer/sub-$label"
fi
if ! "$program" "$PWD/$dataset" "$PWD/results" participant --participant-label "$label" "$@" > app.txt 2>&1; then
  grep -v '^[[:space:]]*$' app.txt | tail -n 3 >&2 || true
  exit 5
fi
# Reports and logs are written of what failed, too.
if [ -z "$(find results -path "*sub-$label[/_.]*" -type f ! -name '*.html' ! -name '*.log' ! -name '*.svg' ! -path '*/figures/*' ! -path '*/log/*' \
  ! -path '*/logs/*' 2> /dev/null | head -n 1)" ]; then
  echo "$program ended well and wrote nothing of sub-$label but reports and logs" >&2
  exit 6
fi
python3 tool/numbers.py results > measures.tsv || exit 7
# FreeSurfer's numbers, where this run made them.
if [ -n "$surfaces" ] && [ -f tool/measures.awk ]; then
  stats=freesurfer/sub-$label/stats
  if [ ! -d "$stats" ]; then
    echo "$program ended well and FreeSurfer did not write $stats" >&2
    exit 7
  fi
  # One by one: of commands in a group before || a failure does not count.
  awk -f tool/measures.awk "$stats/aseg.stats" >> measures.tsv || exit 7
  awk -v hemisphere=lh -v cortex=Left-Cerebral-Cortex -f tool/measures.awk "$stats/lh.aparc.stats" >> measures.tsv || exit 7
  awk -v hemisphere=rh -v cortex=Right-Cerebral-Cortex -f tool/measures.awk "$stats/rh.aparc.stats" >> measures.tsv || exit 7
fi
if [ -n "$numbers" ] && [ "$(wc -l < measures.tsv)" -le 1 ]; then
  echo "no numbers were found in what $program wrote" >&2
  exit 7
fi
