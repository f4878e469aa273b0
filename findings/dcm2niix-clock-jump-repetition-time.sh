#!/bin/bash
# When the scanner's clock is set back in the middle of a run, dcm2niix makes RepetitionTime and pixdim[4] of the first and the last
# acquisition time, although RepetitionTime (0018,0080) says 2000 ms and all volumes but one pair are 2 s apart. Exit code 0.
. "$(dirname "$0")/common/tools.sh"
here=$(cd "$(dirname "$0")" && pwd)/common
debian $debian_dcm2niix_packages
pypi dcm2niix==1.0.20260724 pydicom==3.0.2 numpy==2.4.6 nibabel==5.4.2
PYTHONPATH=$here "$work/venv/bin/python" - "$work/in" <<'P'
import sys, series
def clock(d, volume, slice_):
    seconds = 2 * volume - (8 if volume >= 10 else 0)
    d.AcquisitionTime = d.ContentTime = "1015%02d.000" % seconds
series.write(sys.argv[1], 4, volumes=20, change=clock)
P
for tool in debian_dcm2niix "$work/venv/bin/dcm2niix"; do
  mkdir -p "$work/out"; code=0
  $tool -z n -f i -o "$work/out" "$work/in" >"$work/log" 2>&1 || code=$?
  version=$(head -1 "$work/log" | grep -o 'v1[0-9.]*')
  echo "version $version"; cat "$work/log"
  expect "$version exit code" 0 "$code"
  expect "$version RepetitionTime of a run of 2 s" "1.57895 1.5789" "$("$work/venv/bin/python" - "$work/out" <<'P'
import json, sys, nibabel
print(json.load(open(sys.argv[1] + "/i.json"))["RepetitionTime"], "%.4f" % nibabel.load(sys.argv[1] + "/i.nii").header["pixdim"][4])
P
)"
  rm -r "$work/out"
done
exit $failed
