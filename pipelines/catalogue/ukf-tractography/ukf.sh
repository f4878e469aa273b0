#!/bin/sh
# Whole-brain tractography by an unscented Kalman filter.
# ukf.sh DWI BVAL BVEC MASK TENSORS SEEDS
set -eu
dwi=$1 bval=$2 bvec=$3 mask=$4 tensors=$5 seeds=$6

for program in UKFTractography DWIConvert ConvertBetweenFileFormats; do
  if ! command -v "$program" > /dev/null; then
    echo "$program is not in PATH" >&2
    exit 4
  fi
done
DWIConvert --conversionMode FSLToNrrd --inputVolume "$dwi" --inputBValues "$bval" --inputBVectors "$bvec" --outputVolume dwi.nrrd >&2 || exit 5
ConvertBetweenFileFormats "$mask" mask.nrrd >&2 || exit 5
UKFTractography --dwiFile dwi.nrrd --maskFile mask.nrrd --tracts tracts.vtk --numTensor "$tensors" --seedsPerVoxel "$seeds" \
  --recordFA --recordTrace --numThreads "${OMP_NUM_THREADS:-1}" >&2 || exit 6

# "LINES <streamlines> <numbers>" of the form of before VTK 5.1; since then the first number counts one offset more.
streamlines=$(LC_ALL=C awk '
  NR == 1 { modern = $NF + 0 >= 5 }
  /^LINES [0-9]+ [0-9]+/ { print $2 - modern; exit }' tracts.vtk)
if [ "${streamlines:-0}" -le 0 ]; then
  echo "no streamline was found" >&2
  exit 7
fi
points=$(LC_ALL=C awk '/^POINTS [0-9]+ / { print $2; exit }' tracts.vtk)
{
  printf 'measure\tregion\tunit\tvalue\n'
  printf 'streamlines\twhole_brain\t1\t%d\n' "$streamlines"
  printf 'streamline_points\twhole_brain\t1\t%d\n' "$points"
} > measures.tsv
