#!/bin/bash
# Stand-in for FastSurfer: checks its arguments (https://github.com/Deep-MI/FastSurfer/blob/stable/doc/overview/FLAGS.md) and writes the files that its
# documentation lists. Tables: those of the stand-in for FreeSurfer, whose form they have.
set -eu
if [ "$*" = --version ]; then
  echo "${STAND_IN_VERSION:-2.4.2}+0123456"
  exit 0
fi
printf '%s\n' "run_fastsurfer.sh $*" >> "$STAND_IN_CALLS"
stop() {
  echo "ERROR: $1"
  exit 1
}
[ "${STAND_IN_FAULT:-}" != fails ] || stop "cannot go on"
[ "${STAND_IN_FAULT:-}" != silent ] || exit 0
t1='' sid='' sd='' license=''
while [ $# -gt 0 ]; do
  case $1 in
    --t1) t1=$2 ;;
    --sid) sid=$2 ;;
    --sd) sd=$2 ;;
    --fs_license) license=$2 ;;
    --threads) [ "$2" -gt 0 ] || stop "threads: $2" ;;
    --3T) shift; continue ;;
    *) stop "flag $1 is not known" ;;
  esac
  shift 2
done
case $t1 in /*) [ -s "$t1" ] || stop "$t1 is not there" ;; *) stop "--t1 is not absolute" ;; esac
[ -s "$license" ] || stop "no licence"
[ -d "$sd" ] || stop "no folder"
[ ! -e "$sd/$sid" ] || stop "the subject exists"
mkdir -p "$sd/$sid"/{mri/orig,surf,label,stats,scripts}
cd "$sd/$sid"
for file in mri/aparc.DKTatlas+aseg.deep.mgz mri/aseg.mgz mri/orig/001.mgz scripts/deep-seg.log {surf/lh,surf/rh}.{white,pial,thickness} {label/lh,label/rh}.aparc.DKTatlas.mapped.annot; do
  echo "$file" > "$file"
done
{
  echo "# Measure BrainSeg, BrainSegVol, brain, 1200000.000000, mm^3"
  echo "# Measure EstimatedTotalIntraCranialVol, eTIV, of the skull, 1500000.250000, mm^3"
  echo "# NRows 2"
  echo "# ColHeaders Index SegId NVoxels Volume_mm3 StructName normMean normStdDev normMin normMax normRange"
  echo "1 17 4000 4000.5 Left-Hippocampus 80 10 5 120 115"
  echo "2 53 4100 4100.5 Right-Hippocampus 80 10 5 120 115"
} > stats/aseg.stats
for hemisphere in lh rh; do
  {
    echo "# Measure Cortex, WhiteSurfArea, area of the white surface, 90000.5, mm^2"
    echo "# Measure Cortex, MeanThickness, thickness, 2.50000, mm"
    echo "# ColHeaders StructName NumVert SurfArea GrayVol ThickAvg ThickStd MeanCurv GausCurv FoldInd CurvInd"
    echo "precuneus 1500 1000 3000 2.345 0.5 0.12 0.03 20 2.4"
  } > stats/$hemisphere.aparc.DKTatlas.mapped.stats
done
