#!/usr/bin/env python3
"""Stand-ins for programs of FSL's TBSS (https://fsl.fmrib.ox.ac.uk/fsl/docs/#/diffusion/tbss) and of ENIGMA (https://enigma.ini.usc.edu/protocols/dti-protocols/).

A file that one of them writes has the files that it was made of, so that a test sees which way the image took.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True
from standin import NAME, Parser, called, doubles, floats, stop, there, version, write  # noqa: E402, F401

called()
words = sys.argv[1:]


def image(path):
    for name in path, path + ".nii.gz":
        if os.path.exists(name):
            with open(name) as file:
                return file.read()
    stop(f"{path} is not there")


if NAME == "fslmaths":
    if len(words) == 2:
        write(words[1], image(words[0]))
    elif len(words) == 4 and words[1] == "-mas":
        image(words[2])
        write(words[3], f"masked({image(words[0])})")
    else:
        stop("these operations are not known")
elif NAME == "tbss_1_preproc":
    for path in words:
        stem = path.removesuffix(".nii.gz")
        write(f"FA/{stem}_FA.nii.gz", image(path))
        write(f"FA/{stem}_FA_mask.nii.gz", "mask")
        write(f"origdata/{path}", image(path))
        os.remove(path)
elif NAME == "tbss_2_reg":
    if len(words) != 2 or words[0] != "-t":
        stop("one of -T, -t, -n")
    image(words[1])
    write("FA/target.nii.gz", "target")
    for name in os.listdir("FA"):
        if name.endswith("_FA.nii.gz"):
            write("FA/" + name.replace(".nii.gz", "_to_target_warp.nii.gz"), "warp")
elif NAME == "tbss_3_postreg":
    if words not in (["-S"], ["-T"]):
        stop("-S or -T")
    image("FA/subject_FA_to_target_warp")
    write("FA/subject_FA_to_target.nii.gz", f"warped({image('FA/subject_FA')})")
elif NAME == "applywarp":
    parser = Parser()
    for flag in "iorw":
        parser.add_argument("-" + flag, required=True)
    parser.add_argument("--rel", action="store_true")
    given = parser.parse_args()
    image(given.r), image(given.w)
    write(given.o, f"warped({image(given.i)})")
elif NAME == "tbss_skeleton":
    if words[0] != "-i" or words[2:4] != ["-p", "0.049"]:
        stop("-i image -p threshold distances rule data projected")
    image(words[1]), image(words[4]), image(words[5])
    rest = dict(zip(words[8::2], words[9::2]))
    if set(rest) - {"-a", "-s"}:
        stop("flags are not known")
    if os.path.basename(rest["-s"]) != "ENIGMA_DTI_FA_skeleton_mask.nii.gz":
        stop("-s: the mask of the skeleton")
    image(rest["-s"])
    write(words[7], f"skeleton({image(rest.get('-a', words[6]))})")
elif NAME == "singleSubjROI_exe":
    table, skeleton, labels, out, subject = words
    image(table), image(skeleton), image(labels)
    factor = 1 if "fa" in image(subject) else 0.001
    rows = [("AverageFA", 0.372416, 117131), ("GCC", 0.632537, 1834), ("CST-R", 0.529274, 310), ("FX/ST-L", 0.506632, 396), ("UNC-L", float("nan"), 0)]
    write(out + ".csv", "Tract,Average,nVoxels\n" + "".join(f"{name},{value * factor:g},{n}\n" for name, value, n in rows))
elif NAME == "averageSubjectTracts_exe":
    write(words[1], image(words[0]))
