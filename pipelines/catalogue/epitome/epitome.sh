#!/bin/bash
# Functional runs of one session through modules of epitome, and the head motion of each.
# epitome.sh RUN ... -- MODULE_WITH_ARGUMENTS ...
set -eu -o pipefail

modules=${EPITOME_HOME:-}/epitome/modules/pre
if [ ! -f "$modules/init_epi" ]; then
  echo "EPITOME_HOME is '${EPITOME_HOME:-}', where epitome/modules/pre/init_epi is not" >&2
  exit 4
fi

# The folders that epitome expects: experiment, subject, kind of image, session, run.
session=$PWD/data/experiment/subject/func/SESS01
number=0
while [ "$1" != -- ]; do
  number=$((number + 1))
  folder=$session/$(printf 'RUN%02d' $number)
  mkdir -p "$folder"
  case $1 in
    *.gz) cp "$1" "$folder/run.nii.gz" ;;
    *) gzip -c "$1" > "$folder/run.nii.gz" ;;
  esac
  shift
done
shift

# A module prints its script, with its arguments in it; a pipeline of epitome is these scripts one after another.
{
  echo 'set -e'
  printf 'export DIR_PIPE=%q DIR_DATA=%q DIR_EXPT=experiment DATA_TYPE=func ID=datman SUB=subject\n' "$EPITOME_HOME" "$PWD/data"
} > pipeline.sh
for line in "$@"; do
  read -r -a words <<< "$line"
  module=$modules/${words[0]##*/}
  if [ ! -f "$module" ]; then
    echo "epitome has no module ${words[0]##*/}" >&2
    exit 5
  fi
  bash "$module" "${words[@]:1}" >> pipeline.sh
done
if ! bash pipeline.sh > epitome.txt 2>&1; then
  grep -v '^[[:space:]]*$' epitome.txt | tail -n 3 >&2 || true
  exit 6
fi

mkdir -p results
rm -rf "$session"/RUN*
cp -R "$session"/. results/
for run in $(seq -f '%02g' 1 $number); do
  for file in "results/func_scaled.datman.$run.nii.gz" "results/PARAMS/motion.datman.$run.1D"; do
    if [ ! -s "$file" ]; then
      echo "epitome ended well and did not write ${file#results/}" >&2
      exit 7
    fi
  done
done
{
  printf 'measure\tregion\tunit\tvalue\n'
  for run in $(seq -f '%02g' 1 $number); do
    awk -v OFS='\t' -v run="run-$run" -f tool/motion.awk "results/PARAMS/motion.datman.$run.1D"
  done
} > measures.tsv
