#!/bin/sh
# Whole-brain tractography of a diffusion series with MRtrix3, and its numbers.
# tractography.sh VERSION DWI BVAL BVEC STREAMLINES [MASK]
set -eu
version=$1 dwi=$2 bval=$3 bvec=$4 streamlines=$5 mask=${6:-}
export MRTRIX_NTHREADS="${OMP_NUM_THREADS:-1}"
# Streamlines begin where chance says: the same chance in each run.
export MRTRIX_RNG_SEED=1

# Results are filed under the version that the descriptor names.
found=$(tckgen --version | sed -n '1s/^== tckgen \([^ ]*\).*/\1/p')
if [ "$found" != "$version" ]; then
  echo "MRtrix3 ${found:-of no version} is installed, the descriptor is for $version" >&2
  exit 4
fi
if [ "$(mrinfo -ndim "$dwi")" -ne 4 ]; then
  echo "the image has no volumes" >&2
  exit 5
fi

mrconvert -fslgrad "$bvec" "$bval" "$dwi" dwi.mif
if [ -n "$mask" ]; then
  mrgrid "$mask" regrid -template dwi.mif -interp nearest -datatype bit mask.mif
else
  dwi2mask dwi.mif mask.mif
fi
if [ "$(mrstats -mask mask.mif -output count mask.mif | tr -d ' ')" -eq 0 ]; then
  echo "the mask of the brain is empty" >&2
  exit 6
fi

shells=0
for b in $(mrinfo -shell_bvalues dwi.mif); do
  if [ "$(printf '%.0f' "$b")" -gt 50 ]; then shells=$((shells + 1)); fi
done
case $shells in
  0)
    echo "the series has no volume with diffusion weighting" >&2
    exit 7
    ;;
esac
# dwi2tensor fits fewer directions as well, to numbers that mean nothing.
if ! LC_ALL=C awk -f tool/tensor-directions.awk "$bval" "$bvec"; then
  echo "the directions of the series do not determine a tensor: six that differ are needed, and an unweighted volume or a second shell" >&2
  exit 9
fi
case $shells in
  1)
    dwi2response tournier dwi.mif response_wm.txt -mask mask.mif -scratch . -nthreads "$MRTRIX_NTHREADS"
    dwi2fod csd dwi.mif response_wm.txt fod.mif -mask mask.mif
    ;;
  *)
    # With several shells white matter, grey matter and fluid can be told apart.
    dwi2response dhollander dwi.mif response_wm.txt response_gm.txt response_csf.txt -mask mask.mif -scratch . -nthreads "$MRTRIX_NTHREADS"
    dwi2fod msmt_csd dwi.mif response_wm.txt fod.mif response_gm.txt gm.mif response_csf.txt csf.mif -mask mask.mif
    ;;
esac
mrconvert fod.mif fod.nii.gz
mrconvert mask.mif -datatype uint8 mask.nii.gz
tckgen -algorithm iFOD2 -seed_image mask.mif -mask mask.mif -select "$streamlines" fod.mif tracks.tck
tckmap -template mask.mif tracks.tck density.nii.gz

count=$(tckstats -output count tracks.tck | tr -d ' ')
if [ "$count" -eq 0 ]; then
  echo "no streamline was found" >&2
  exit 8
fi
dwi2tensor -mask mask.mif dwi.mif tensor.mif
tensor2metric -mask mask.mif tensor.mif -fa fa.mif -adc md.mif
length() { tckstats -output "$1" tracks.tck | tr -d ' '; }
# Of the mean along each streamline.
along() {
  tcksample -force -stat_tck mean tracks.tck "$1" along.txt
  awk '!/^#/ { for (i = 1; i <= NF; i++) if ($i == $i + 0) { sum += $i; n++ } } END { if (n) printf "%.9g", sum / n; else printf "n/a" }' along.txt
}
{
  printf 'measure\tregion\tunit\tvalue\n'
  printf 'streamlines\twhole_brain\t1\t%s\n' "$count"
  printf 'streamline_length_mean\twhole_brain\tmm\t%s\n' "$(length mean)"
  printf 'streamline_length_median\twhole_brain\tmm\t%s\n' "$(length median)"
  printf 'fractional_anisotropy_mean\tstreamlines\t1\t%s\n' "$(along fa.mif)"
  printf 'mean_diffusivity_mean\tstreamlines\tmm2/s\t%s\n' "$(along md.mif)"
} > measures.tsv
