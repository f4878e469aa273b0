#!/bin/bash
# Debian 12's dcm2niix (1.0.20220720) reads negative numbers of 12 bits (BitsStored 12, PixelRepresentation 1) 4096 too high, without a
# word and with exit code 0, even when their signs are extended to all 16 bits of the word. 1.0.20260724 reads them rightly.
. "$(dirname "$0")/common/tools.sh"
here=$(cd "$(dirname "$0")" && pwd)/common
debian $debian_dcm2niix_packages
pypi dcm2niix==1.0.20260724 pydicom==3.0.2 numpy==2.4.6 nibabel==5.4.2
PYTHONPATH=$here "$work/venv/bin/python" - "$work/in" <<'P'
import sys, numpy as np, series
def signed(d, volume, slice_):
    d.BitsStored, d.HighBit, d.PixelRepresentation = 12, 11, 1
    d.PixelData = (np.arange(256) * 16 - 2048).astype("<i2").tobytes()
series.write(sys.argv[1], 3, change=signed)
P
range() { "$work/venv/bin/python" -c "
import sys, nibabel, numpy
v = numpy.asanyarray(nibabel.load(sys.argv[1]).dataobj); print(v.min(), v.max())" "$1"; }
for tool in debian_dcm2niix "$work/venv/bin/dcm2niix"; do
  mkdir -p "$work/out"; code=0
  $tool -z n -f i -o "$work/out" "$work/in" >"$work/log" 2>&1 || code=$?
  version=$(head -1 "$work/log" | grep -o 'v1[0-9.]*')
  echo "version $version"; cat "$work/log"
  expect "$version exit code" 0 "$code"
  case $version in
    v1.0.20220720) expect "$version numbers (in the file: -2048 2032)" "0 4080" "$(range "$work/out/i.nii")" ;;
    *) expect "$version numbers (in the file: -2048 2032)" "-2048 2032" "$(range "$work/out/i.nii")" ;;
  esac
  rm -r "$work/out"
done
exit $failed
