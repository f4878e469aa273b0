#!/bin/bash
# Debian 12's dcm2niix (1.0.20220720) reads RectilinearPhaseEncodeReordering (0018,9034) of GE the wrong way round where GE's private block
# (0043,xx2A) is missing, as after de-identification: LINEAR becomes j-, REVERSE_LINEAR j. 1.0.20260724 reads them as the private block has
# them (seen with MR29.1). A pipeline that corrects distortions with that sign doubles them.
. "$(dirname "$0")/common/tools.sh"
here=$(cd "$(dirname "$0")" && pwd)/common
debian $debian_dcm2niix_packages
pypi dcm2niix==1.0.20260724 pydicom==3.0.2 numpy==2.4.6
for order in LINEAR REVERSE_LINEAR; do
  PYTHONPATH=$here "$work/venv/bin/python" - "$work/$order" "$order" <<'P'
import sys, series
def ge(d, volume, slice_):
    d.Manufacturer, d.ManufacturerModelName = "GE MEDICAL SYSTEMS", "SIGNA Pioneer"
    d.ScanningSequence, d.ScanOptions, d.MRAcquisitionType = "EP", ["EPI_GEMS", "PFF"], "2D"
    d.InPlanePhaseEncodingDirection = "COL"
    d.add_new(0x00189034, "CS", sys.argv[2])
series.write(sys.argv[1], 3, change=ge)
P
  for tool in debian_dcm2niix "$work/venv/bin/dcm2niix"; do
    mkdir -p "$work/out"
    $tool -z n -b y -f i -o "$work/out" "$work/$order" >"$work/log" 2>&1 || true
    version=$(head -1 "$work/log" | grep -o 'v1[0-9.]*')
    echo "version $version"
    seen=$(grep -o '"PhaseEncodingDirection": "[^"]*"' "$work/out/i.json" | cut -d'"' -f4)
    case $version,$order in
      v1.0.20220720,LINEAR|v1.0.2026*,REVERSE_LINEAR) expect "$version $order" "j-" "$seen" ;;
      *) expect "$version $order" "j" "$seen" ;;
    esac
    rm -r "$work/out"
  done
done
exit $failed
