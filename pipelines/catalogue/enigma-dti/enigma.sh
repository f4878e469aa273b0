#!/bin/sh
# FA (and MD) of one session on the skeleton of ENIGMA, and their means in the regions of the JHU atlas.
# enigma.sh VERSION FA [MD]
set -eu
version=$1 fa=$2 md=${3:-}

# Results are filed under the version of FSL that the descriptor names.
found=$(cut -d: -f1 "${FSLDIR:-}/etc/fslversion" 2> /dev/null) || found="no FSL"
case $found in
  "$version" | "$version".*) ;;
  *)
    echo "FSL $found is installed, the descriptor is for $version" >&2
    exit 4
    ;;
esac
PATH=$FSLDIR/bin:$PATH
export PATH FSLOUTPUTTYPE=NIFTI_GZ
enigma=${ENIGMA_DTI_HOME:-}
for file in ENIGMA_DTI_FA.nii.gz ENIGMA_DTI_FA_mask.nii.gz mean_FA_skeleton.nii.gz ENIGMA_DTI_FA_skeleton_mask.nii.gz \
  ENIGMA_DTI_FA_skeleton_mask_dst.nii.gz ENIGMA_look_up_table.txt JHU-WhiteMatter-labels-1mm.nii.gz singleSubjROI_exe averageSubjectTracts_exe; do
  if [ ! -e "$enigma/$file" ]; then
    echo "ENIGMA_DTI_HOME is '$enigma', where $file is not" >&2
    exit 5
  fi
done
cingulum=$FSLDIR/data/standard/LowerCingulum_1mm

# The four steps of TBSS for one subject. The first moves the image: it gets a copy.
fslmaths "$fa" subject.nii.gz
tbss_1_preproc subject.nii.gz >&2 || exit 6
tbss_2_reg -t "$enigma/ENIGMA_DTI_FA.nii.gz" >&2 || exit 6
tbss_3_postreg -S >&2 || exit 6
fslmaths FA/subject_FA_to_target.nii.gz -mas "$enigma/ENIGMA_DTI_FA_mask.nii.gz" fa_in_template.nii.gz
tbss_skeleton -i fa_in_template.nii.gz -p 0.049 "$enigma/ENIGMA_DTI_FA_skeleton_mask_dst.nii.gz" "$cingulum" \
  fa_in_template.nii.gz fa_skeleton.nii.gz -s "$enigma/ENIGMA_DTI_FA_skeleton_mask.nii.gz" >&2 || exit 7
# Another map takes the way of FA: the same warp, the same search.
if [ -n "$md" ]; then
  fslmaths "$md" -mas FA/subject_FA_mask.nii.gz md.nii.gz
  applywarp -i md.nii.gz -o md_in_target.nii.gz -r "$FSLDIR/data/standard/FMRIB58_FA_1mm" -w FA/subject_FA_to_target_warp.nii.gz --rel >&2 || exit 7
  fslmaths md_in_target.nii.gz -mas "$enigma/ENIGMA_DTI_FA_mask.nii.gz" md_in_template.nii.gz
  tbss_skeleton -i fa_in_template.nii.gz -p 0.049 "$enigma/ENIGMA_DTI_FA_skeleton_mask_dst.nii.gz" "$cingulum" \
    fa_in_template.nii.gz md_skeleton.nii.gz -a md_in_template.nii.gz -s "$enigma/ENIGMA_DTI_FA_skeleton_mask.nii.gz" >&2 || exit 7
fi

regions() {
  "$enigma/singleSubjROI_exe" "$enigma/ENIGMA_look_up_table.txt" "$enigma/mean_FA_skeleton.nii.gz" \
    "$enigma/JHU-WhiteMatter-labels-1mm.nii.gz" "$1_ROIout" "$1_skeleton.nii.gz" >&2 || exit 8
  "$enigma/averageSubjectTracts_exe" "$1_ROIout.csv" "$1_ROIout_avg.csv" >&2 || exit 8
}
# "Tract,Average,nVoxels"; the whole skeleton is "Average" with the name of the map.
rows() {
  awk -F, -v OFS='\t' -v name="$2" -v unit="$3" '
    NR == 1 { if ($1 != "Tract" || $2 != "Average") exit 8; next }
    { sub(/\r$/, ""); print name, $1 ~ /^Average/ ? "skeleton" : $1, unit, $2 ~ /^-?[0-9.]+([eE][-+]?[0-9]+)?$/ ? $2 : "n/a"; n++ }
    END { if (n < 2) exit 8 }' "$1"
}
printf 'measure\tregion\tunit\tvalue\n' > measures.tsv
regions fa
rows fa_ROIout.csv fractional_anisotropy_mean 1 >> measures.tsv
if [ -n "$md" ]; then
  regions md
  rows md_ROIout.csv mean_diffusivity_mean mm2/s >> measures.tsv
fi
