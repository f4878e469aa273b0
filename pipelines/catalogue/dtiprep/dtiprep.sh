#!/bin/sh
# Quality control and preparation of a diffusion series with DTIPrep.
# dtiprep.sh DWI BVAL BVEC
set -eu
dwi=$1 bval=$2 bvec=$3

for program in DTIPrep DWIConvert; do
  if ! command -v "$program" > /dev/null; then
    echo "$program is not in PATH" >&2
    exit 4
  fi
done
DWIConvert --conversionMode FSLToNrrd --inputVolume "$dwi" --inputBValues "$bval" --inputBVectors "$bvec" --outputVolume dwi.nrrd >&2 || exit 5

# The protocol of the study where the folder of the tool has one, else DTIPrep's own. DTIPrep takes a relative folder as one beside the image.
mkdir -p report
if [ -f tool/protocol.xml ]; then
  cp tool/protocol.xml protocol.xml
  DTIPrep --DWINrrdFile "$PWD/dwi.nrrd" --xmlProtocol "$PWD/protocol.xml" --check --outputFolder "$PWD/report" >&2 || exit 6
else
  DTIPrep --DWINrrdFile "$PWD/dwi.nrrd" --xmlProtocol "$PWD/protocol.xml" --default --check --outputFolder "$PWD/report" >&2 || exit 6
fi
kept=$(find report -name '*_QCed.nrrd' -o -name '*_QCed.nhdr' | head -n 1)
if [ -z "$kept" ]; then
  echo "DTIPrep ended well and kept no volume" >&2
  exit 7
fi
DWIConvert --conversionMode NrrdToFSL --inputVolume "$kept" --outputVolume dwi_qced.nii.gz --outputBValues dwi_qced.bval --outputBVectors dwi_qced.bvec >&2 || exit 5

given=$(wc -w < "$bval")
left=$(wc -w < dwi_qced.bval)
{
  printf 'measure\tregion\tunit\tvalue\n'
  printf 'volumes\tseries\t1\t%d\n' "$given"
  printf 'volumes_kept\tseries\t1\t%d\n' "$left"
  printf 'volumes_excluded\tseries\t1\t%d\n' $((given - left))
} > measures.tsv
