#!/bin/sh
# The tensor of a diffusion series with MRtrix3, and its means in the brain.
# dti.sh VERSION DWI BVAL BVEC PREFIX
set -eu
version=$1 dwi=$2 bval=$3 bvec=$4 out=$5
export MRTRIX_NTHREADS="${OMP_NUM_THREADS:-1}"

# Results are filed under the version that the descriptor names.
found=$(dwi2tensor --version | sed -n '1s/^== dwi2tensor \([^ ]*\).*/\1/p')
if [ "$found" != "$version" ]; then
  echo "MRtrix3 ${found:-of no version} is installed, the descriptor is for $version" >&2
  exit 4
fi
if [ "$(mrinfo -ndim "$dwi")" -ne 4 ]; then
  echo "the image has no volumes" >&2
  exit 5
fi
# dwi2tensor fits fewer directions as well, to numbers that mean nothing.
if ! LC_ALL=C awk -f tool/tensor-directions.awk "$bval" "$bvec"; then
  echo "the directions of the series do not determine a tensor: six that differ are needed, and an unweighted volume or a second shell" >&2
  exit 7
fi

mrconvert -fslgrad "$bvec" "$bval" "$dwi" dwi.mif
# A mask leaves out the background, whose numbers mean nothing.
dwi2mask dwi.mif "${out}_mask.nii.gz"
dwi2tensor -mask "${out}_mask.nii.gz" dwi.mif tensor.mif
tensor2metric -mask "${out}_mask.nii.gz" tensor.mif \
  -fa "${out}_fa.nii.gz" -adc "${out}_md.nii.gz" -ad "${out}_ad.nii.gz" -rd "${out}_rd.nii.gz" -vector "${out}_v1.nii.gz"

mean() { mrstats -mask "${out}_mask.nii.gz" -ignorezero -output mean "$1" | tr -d ' '; }
voxels=$(mrstats -mask "${out}_mask.nii.gz" -output count "${out}_mask.nii.gz" | tr -d ' ')
if [ "$voxels" -eq 0 ]; then
  echo "the mask of the brain is empty" >&2
  exit 6
fi
{
  printf 'measure\tregion\tunit\tvalue\n'
  printf 'fractional_anisotropy_mean\tbrain_mask\t1\t%s\n' "$(mean "${out}_fa.nii.gz")"
  printf 'mean_diffusivity_mean\tbrain_mask\tmm2/s\t%s\n' "$(mean "${out}_md.nii.gz")"
  printf 'axial_diffusivity_mean\tbrain_mask\tmm2/s\t%s\n' "$(mean "${out}_ad.nii.gz")"
  printf 'radial_diffusivity_mean\tbrain_mask\tmm2/s\t%s\n' "$(mean "${out}_rd.nii.gz")"
  printf 'mask_voxels\tbrain_mask\t1\t%s\n' "$voxels"
} > "${out}_measures.tsv"
