#!/bin/sh
# CIVET of one T1, and its numbers as one table.
# civet.sh VERSION T1 N3_DISTANCE KERNEL
set -eu
version=$1 t1=$2 n3=$3 kernel=$4

for program in CIVET_Processing_Pipeline nii2mnc; do
  if ! command -v "$program" > /dev/null; then
    echo "$program is not in PATH" >&2
    exit 4
  fi
done
# Results are filed under the version that the descriptor names. CIVET's programs are in .../CIVET-VERSION.
found=$(readlink -f "$(command -v CIVET_Processing_Pipeline)")
case $found in
  */CIVET-"$version"/*) ;;
  *)
    echo "$found is installed, the descriptor is for CIVET-$version" >&2
    exit 4
    ;;
esac

mkdir -p source target
case $t1 in
  *.gz) gunzip -c "$t1" > source/t1.nii ;;
  *) cp "$t1" source/t1.nii ;;
esac
nii2mnc source/t1.nii source/datman_subject_t1.mnc >&2 || exit 5
rm source/t1.nii
if ! CIVET_Processing_Pipeline -sourcedir "$PWD/source" -targetdir "$PWD/target" -prefix datman -N3-distance "$n3" -lsq12 -resample-surfaces \
  -thickness tlink "$kernel" -surface-atlas DKT-40 -spawn -run subject > civet.txt 2>&1; then
  grep -v '^[[:space:]]*$' civet.txt | tail -n 3 >&2 || true
  exit 6
fi

result=target/subject
rows() { awk -v OFS='\t' -v name="$1" -v unit="$2" -v side="$3" -f tool/measures.awk "$4"; }
for side in left right; do
  for file in "thickness/datman_subject_native_rms_rsl_tlink_${kernel}mm_$side.txt" "surfaces/datman_subject_DKT_lobe_thickness_tlink_${kernel}mm_$side.dat" \
    "surfaces/datman_subject_white_surface_${side}_81920.obj" "surfaces/datman_subject_gray_surface_${side}_81920.obj"; do
    if [ ! -s "$result/$file" ]; then
      echo "CIVET ended well and did not write $file" >&2
      exit 7
    fi
  done
done
{
  printf 'measure\tregion\tunit\tvalue\n'
  for side in left right; do
    awk -v side=$side '{ sum += $1; n++ } END { printf "cortical_thickness_mean\tctx-%s\tmm\t%.6g\n", side, sum / n }' \
      "$result/thickness/datman_subject_native_rms_rsl_tlink_${kernel}mm_$side.txt"
    rows cortical_thickness_mean mm $side "$result/surfaces/datman_subject_DKT_lobe_thickness_tlink_${kernel}mm_$side.dat"
  done
} > measures.tsv
