#!/usr/bin/env python3
"""Stand-ins for CIVET_Processing_Pipeline and nii2mnc. Names of files: https://forum.bic.mni.mcgill.ca/t/civet-2-1-0-outputs-of-civet/1058.

Thickness of the region N: 2 + N / 100 mm; of the right 0.005 more. STAND_IN_FAULT, further: "half" writes a table that ends early, "sides" the left one also as the right.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True
from standin import FAULT, NAME, Parser, called, doubles, floats, stop, there, version, write  # noqa: E402, F401

called()
parser = Parser()
if NAME == "nii2mnc":
    parser.add_argument("nii")
    parser.add_argument("mnc")
    given = parser.parse_args()
    there(given.nii)
    if not given.nii.endswith(".nii"):
        stop("only files that are not compressed")
    write(given.mnc, "image")
    sys.exit()
for flag in "sourcedir", "targetdir", "prefix", "N3-distance", "surface-atlas":
    parser.add_argument("-" + flag, required=True)
for flag in "lsq12", "resample-surfaces", "spawn":
    parser.add_argument("-" + flag, action="store_true")
parser.add_argument("-thickness", nargs=2, required=True)
parser.add_argument("-run", required=True)
given = parser.parse_args()
there(f"{given.sourcedir}/{given.prefix}_{given.run}_t1.mnc")
if given.thickness[0] not in ("tlink", "tlaplace", "tfs") or getattr(given, "surface_atlas") not in ("DKT-40", "AAL", "lobes"):
    stop("not known")
stem = f"{given.targetdir}/{given.run}/%s/{given.prefix}_{given.run}_"
kernel = given.thickness[1] + "mm"
for side, more, first in ("left", 0, 0), ("right", 0.005, 100):
    write(stem % "thickness" + f"native_rms_rsl_tlink_{kernel}_{side}.txt", "".join(f"{t + more:.4f}\n" for t in (2.0, 3.0, 2.5)))
    write(stem % "surfaces" + f"white_surface_{side}_81920.obj", "P")
    write(stem % "surfaces" + f"gray_surface_{side}_81920.obj", "P")
    if FAULT == "sides":
        first = 0
    rows = "".join(f"{first + n} {2 + n / 100 + more:.3f} {100 * n}\n" for n in range(1, 20 if FAULT == "half" else 33))
    write(stem % "surfaces" + f"DKT_lobe_thickness_tlink_{kernel}_{side}.dat", f"# {NAME}\n# Label Mean Area\n{rows}Total 2.5 100\n")
