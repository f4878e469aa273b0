#!/bin/bash
# "dcm2niix -ba y" (anonymize BIDS, the default) keeps places, device, time of day and free text in the sidecar, and image comments and the
# time in the NIfTI header itself; 1.0.20260724 keeps StudyDescription in addition.
. "$(dirname "$0")/common/tools.sh"
here=$(cd "$(dirname "$0")" && pwd)/common
debian $debian_dcm2niix_packages
pypi dcm2niix==1.0.20260724 pydicom==3.0.2 numpy==2.4.6 nibabel==5.4.2
PYTHONPATH=$here "$work/venv/bin/python" - "$work/in" <<'P'
import sys, series
def text(d, volume, slice_):
    d.InstitutionName = d.InstitutionAddress = d.StationName = d.DeviceSerialNumber = "PLACE"
    d.ImageComments = d.ProtocolName = d.SeriesDescription = d.StudyDescription = d.PerformedProcedureStepDescription = "TEXT"
    d.AcquisitionTime = "101530.000"
series.write(sys.argv[1], 3, change=text)
P
for tool in debian_dcm2niix "$work/venv/bin/dcm2niix"; do
  mkdir -p "$work/out"
  $tool -b y -ba y -z n -f i -o "$work/out" "$work/in" >"$work/log" 2>&1
  version=$(head -1 "$work/log" | grep -o 'v1[0-9.]*')
  echo "version $version"; cat "$work/log" "$work/out/i.json"
  kept=$("$work/venv/bin/python" - "$work/out/i.json" <<'P'
import json, sys
print(*sorted(k for k, v in json.load(open(sys.argv[1])).items() if v in ("PLACE", "TEXT") or k == "AcquisitionTime"))
P
)
  header=$("$work/venv/bin/python" -c "
import sys, nibabel; h = nibabel.load(sys.argv[1]).header; print(h['descrip'].item().decode(), h['aux_file'].item().decode())" "$work/out/i.nii")
  case $version in
    v1.0.20220720) more= ;;
    *) more=" StudyDescription" ;;
  esac
  expect "$version sidecar keeps" "AcquisitionTime DeviceSerialNumber ImageComments InstitutionAddress InstitutionName ProcedureStepDescription ProtocolName SeriesDescription StationName$more" "$kept"
  expect "$version NIfTI header keeps" "TE=30;Time=101530.000 TEXT" "$header"
  rm -r "$work/out"
done
exit $failed
