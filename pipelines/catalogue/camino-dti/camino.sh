#!/bin/sh
# The tensor of a diffusion series with Camino, streamlines through it, and their numbers.
# camino.sh DWI BVAL BVEC MASK MODEL FA_LIMIT CURVATURE
set -eu
dwi=$1 bval=$2 bvec=$3 mask=$4 model=$5 fa=$6 curvature=$7

for program in fsl2scheme image2voxel modelfit fa md voxel2image track python3; do
  if ! command -v "$program" > /dev/null; then
    echo "$program is not in PATH" >&2
    exit 4
  fi
done
if ! LC_ALL=C awk -f tool/tensor-directions.awk "$bval" "$bvec"; then
  echo "the directions of the series do not determine a tensor: six that differ are needed, and an unweighted volume or a second shell" >&2
  exit 10
fi
# b-values of the scheme are in s/m2: Camino's diffusivities are in m2/s.
fsl2scheme -bvecfile "$bvec" -bvalfile "$bval" > dwi.scheme || exit 5
image2voxel -4dimage "$dwi" -outputfile dwi.Bfloat || exit 5
modelfit -inputfile dwi.Bfloat -schemefile dwi.scheme -model "$model" -bgmask "$mask" -outputfile tensor.Bdouble || exit 6
for map in fa md; do
  "$map" -inputfile tensor.Bdouble -outputfile "$map.Bdouble" || exit 6
  voxel2image -inputfile "$map.Bdouble" -header "$mask" -outputroot "$map" || exit 6
done
track -inputmodel dt -inputfile tensor.Bdouble -seedfile "$mask" -anisthresh "$fa" -curvethresh "$curvature" -outputfile tracts.Bfloat || exit 7
python3 tool/measures.py tensor.Bdouble fa.Bdouble md.Bdouble tracts.Bfloat > measures.tsv
