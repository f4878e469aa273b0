#!/bin/bash
# XNAT's zip of a scan puts its files six folders deep (session/scans/scan/resources/DICOM/files). dcm2niix searches five by default: pointed at the
# folder where the zip was unpacked it converts nothing, with the message of a folder without DICOM; at the session's folder, or with -d 9, it converts all.
. "$(dirname "$0")/common/tools.sh"
here=$(cd "$(dirname "$0")" && pwd)/common
debian $debian_dcm2niix_packages
pypi dcm2niix==1.0.20260724 pydicom==3.0.2 numpy==2.4.6
files="$work/unpacked/SESSION/scans/1-T1/resources/DICOM/files"
PYTHONPATH=$here "$work/venv/bin/python" -c "import sys, series; series.write(sys.argv[1], 3)" "$files"
run() {
  rm -rf "$work/out"; mkdir -p "$work/out"
  "$@" -z n -f i -o "$work/out" "$folder" >"$work/log" 2>&1
  code=$?
  cat "$work/log"
  echo "code $code, $(find "$work/out" -name '*.nii' | wc -l) image(s)"
}
for tool in debian_dcm2niix "$work/venv/bin/dcm2niix"; do
  folder=$work/unpacked
  seen=$(run $tool | tail -1)
  version=$(grep -o 'v1[0-9.]*' "$work/log" | head -1)
  echo "version $version"; cat "$work/log"
  expect "$version at the zip's root" "code 2, 0 image(s)" "$seen"
  expect "$version at the zip's root with -d 9" "code 0, 1 image(s)" "$(run $tool -d 9 | tail -1)"
  folder=$work/unpacked/SESSION
  expect "$version one folder below" "code 0, 1 image(s)" "$(run $tool | tail -1)"
done
exit $failed
