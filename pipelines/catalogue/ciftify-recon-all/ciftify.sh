#!/bin/sh
# FreeSurfer's result of one session as surfaces and CIFTI of the Human Connectome Project, with ciftify_recon_all.
# ciftify.sh VERSION SUBJECT SURF_REG
set -eu
version=$1 subject=$2 registration=$3

for program in ciftify_recon_all wb_command python3; do
  if ! command -v "$program" > /dev/null; then
    echo "$program is not in PATH" >&2
    exit 4
  fi
done
# Results are filed under the version that the descriptor names; ciftify's programs do not tell it.
found=$(python3 -c 'from importlib import metadata; print(metadata.version("ciftify"))' 2> /dev/null) || found="no Python package ciftify"
if [ "$found" != "$version" ]; then
  echo "$found is installed, the descriptor is for ciftify $version" >&2
  exit 4
fi
if [ ! -f "$subject/mri/wmparc.mgz" ] && [ ! -f "$subject/mri/aparc+aseg.mgz" ]; then
  echo "$subject is no subject of FreeSurfer" >&2
  exit 5
fi

# A copy: it has the name of the subject, and inputs are only to be read.
mkdir -p freesurfer ciftify
cp -R "$subject" freesurfer/subject
chmod -R u+w freesurfer/subject
if ! ciftify_recon_all --ciftify-work-dir "$PWD/ciftify" --fs-subjects-dir "$PWD/freesurfer" --surf-reg "$registration" --no-symlinks \
  --n_cpus "${OMP_NUM_THREADS:-1}" subject > ciftify.txt 2>&1; then
  grep -v '^[[:space:]]*$' ciftify.txt | tail -n 3 >&2 || true
  exit 6
fi
surfaces=ciftify/subject/MNINonLinear/fsaverage_LR32k
for file in "$surfaces/subject.thickness.32k_fs_LR.dscalar.nii" "$surfaces/subject.L.midthickness.32k_fs_LR.surf.gii" \
  "$surfaces/subject.R.midthickness.32k_fs_LR.surf.gii" ciftify/subject/MNINonLinear/T1w.nii.gz; do
  if [ ! -s "$file" ]; then
    echo "ciftify_recon_all ended well and did not write $file" >&2
    exit 7
  fi
done
thickness=$(wb_command -cifti-stats "$surfaces/subject.thickness.32k_fs_LR.dscalar.nii" -reduce MEAN) || exit 8
printf 'measure\tregion\tunit\tvalue\ncortical_thickness_mean\tcortex\tmm\t%s\n' "$thickness" > measures.tsv
