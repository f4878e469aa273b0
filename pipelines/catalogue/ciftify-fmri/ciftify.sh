#!/bin/sh
# One functional run on the surfaces of ciftify_recon_all, as CIFTI, with ciftify_subject_fmri.
# ciftify.sh VERSION BOLD SUBJECT TASK SURF_REG [--SmoothingFWHM MM] [--already-in-MNI]
set -eu
version=$1 bold=$2 subject=$3 task=$4 registration=$5
shift 5

for program in ciftify_subject_fmri wb_command python3; do
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
if [ ! -d "$subject/MNINonLinear" ]; then
  echo "$subject is no subject of ciftify_recon_all" >&2
  exit 5
fi

# A copy: ciftify writes its results into the folder of the subject.
mkdir -p ciftify
cp -R "$subject" ciftify/subject
chmod -R u+w ciftify/subject
if ! ciftify_subject_fmri --ciftify-work-dir "$PWD/ciftify" --surf-reg "$registration" --n_cpus "${OMP_NUM_THREADS:-1}" "$@" "$PWD/$bold" subject "$task" > ciftify.txt 2>&1; then
  grep -v '^[[:space:]]*$' ciftify.txt | tail -n 3 >&2 || true
  exit 6
fi
result=ciftify/subject/MNINonLinear/Results/$task
series=$result/${task}_Atlas_s0.dtseries.nii
if [ ! -s "$series" ]; then
  echo "ciftify_subject_fmri ended well and did not write $series" >&2
  exit 7
fi
mkdir -p results
cp -R "$result" results/
volumes=$(wb_command -file-information -only-number-of-maps "$series") || exit 8
wb_command -cifti-reduce "$series" MEAN mean.dscalar.nii || exit 8
wb_command -cifti-reduce "$series" STDEV deviation.dscalar.nii || exit 8
wb_command -cifti-math 'mean / deviation' "results/$task/tsnr.dscalar.nii" -fixnan 0 -var mean mean.dscalar.nii -var deviation deviation.dscalar.nii >&2 || exit 8
tsnr=$(wb_command -cifti-stats "results/$task/tsnr.dscalar.nii" -reduce MEDIAN) || exit 8
{
  printf 'measure\tregion\tunit\tvalue\n'
  printf 'volumes\t%s\t1\t%s\n' "$task" "$volumes"
  printf 'temporal_snr_median\t%s\t1\t%s\n' "$task" "$tsnr"
} > measures.tsv
