#!/usr/bin/env python3
"""Stand-ins for programs of Camino: http://camino.cs.ucl.ac.uk/index.php?n=Man.Main. Forms of files: big-endian doubles and floats in the order of voxels.

Four voxels, the first outside the mask: FA 0.2, 0.4, 0.6 and MD 0.7, 0.8, 0.9 in 10^-9 m2/s inside; streamlines of 3 mm and 5 mm.
STAND_IN_FAULT, further: "short" writes the map of FA without its last voxel, "cut" streamlines that end early, "nan" a voxel without MD,
"infinite" one of endless MD and one of its opposite.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True
from standin import FAULT, NAME, Parser, called, doubles, floats, stop, there, version, write  # noqa: E402, F401

called()
flags = {
    "fsl2scheme": ["bvecfile", "bvalfile"],
    "image2voxel": ["4dimage", "outputfile"],
    "modelfit": ["inputfile", "schemefile", "model", "bgmask", "outputfile"],
    "fa": ["inputfile", "outputfile"],
    "md": ["inputfile", "outputfile"],
    "voxel2image": ["inputfile", "header", "outputroot"],
    "track": ["inputmodel", "inputfile", "seedfile", "anisthresh", "curvethresh", "outputfile"],
}
parser = Parser()
for flag in flags[NAME]:
    parser.add_argument("-" + flag, required=True)
given = vars(parser.parse_args())
there(*[given[flag] for flag in ("bvecfile", "bvalfile", "4dimage", "inputfile", "schemefile", "bgmask", "header", "seedfile") if flag in given])
if NAME == "fsl2scheme":
    print("VERSION: BVECTOR")
elif NAME == "image2voxel":
    write(given["outputfile"], floats(1, 2, 3, 4))
elif NAME == "modelfit":
    with open(given["schemefile"]) as scheme:
        if not scheme.readline().startswith("VERSION:"):
            stop("the scheme has no version")
    if given["model"] not in ("ldt", "ldt_wtd", "nldt_pos"):
        stop("the model is not known")
    write(given["outputfile"], b"".join(doubles(code, 6, 1e-9, 0, 0, 1e-9, 0, 1e-9) for code in (-1, 0, 0, 0)))
elif NAME == "fa":
    write(given["outputfile"], doubles(0, 0.2, 0.4, *([] if FAULT == "short" else [0.6])))
elif NAME == "md":
    faulty = {"nan": (0.8e-9, float("nan")), "infinite": (float("inf"), float("-inf"))}
    write(given["outputfile"], doubles(0, 0.7e-9, *faulty.get(FAULT, (0.8e-9, 0.9e-9))))
elif NAME == "voxel2image":
    write(given["outputroot"] + ".nii.gz", "image")
elif NAME == "track":
    if given["inputmodel"] != "dt":
        stop("the model is not that of the tensor")
    float(given["anisthresh"]), float(given["curvethresh"])
    write(given["outputfile"], floats(2, 0, 0, 0, 0, 3, 0, 0, 3, 1, 0, 0, 0, 0, 4, 0, *([] if FAULT == "cut" else [0, 4, 1])))
