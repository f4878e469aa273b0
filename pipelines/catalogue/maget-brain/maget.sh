#!/bin/bash
# MAGeT-Brain (antsRegistration-MAGeT) of one image, and the volumes of its labels.
# maget.sh T1
set -eu -o pipefail
t1=$1

for program in mb.sh antsRegistration qbatch python3; do
  if ! command -v "$program" > /dev/null; then
    echo "$program is not in PATH" >&2
    exit 4
  fi
done
for folder in atlas template; do
  if [ ! -d "${MAGET_INPUT:-}/$folder" ]; then
    echo "MAGET_INPUT is '${MAGET_INPUT:-}', where the folder $folder is not" >&2
    exit 4
  fi
done

# A fault in the names of regions is said before the days that a run takes.
python3 tool/volumes.py "$MAGET_INPUT/labels.tsv" > /dev/null || exit 7

# mb.sh looks for files with find, which does not enter a folder that is a link: folders of links.
mkdir -p input/atlas input/template input/subject
for folder in atlas template; do
  find -L "$MAGET_INPUT/$folder" -maxdepth 1 -type f -exec ln -s -t "input/$folder" {} +
done
case $t1 in
  *.gz) cp "$t1" input/subject/subject_t1.nii.gz ;;
  *) gzip -c "$t1" > input/subject/subject_t1.nii.gz ;;
esac
# All stages on this machine, one after the other: a job of a cluster must not submit others.
export QBATCH_SYSTEM=local QBATCH_CORES="${OMP_NUM_THREADS:-1}" QBATCH_PPJ="${OMP_NUM_THREADS:-1}"
if ! mb.sh -- run > maget.txt 2>&1; then
  grep -v '^[[:space:]]*$' maget.txt | tail -n 3 >&2 || true
  exit 5
fi
labels=(output/labels/majorityvote/subject_t1*)
if [ ! -s "${labels[0]}" ]; then
  echo "MAGeT-Brain ended well and wrote no labels" >&2
  exit 6
fi
mkdir -p labels
cp "${labels[@]}" labels/
python3 tool/volumes.py "$MAGET_INPUT/labels.tsv" labels/subject_t1* > measures.tsv
