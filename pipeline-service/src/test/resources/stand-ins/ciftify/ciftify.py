#!/usr/bin/python3
"""Stand-ins for ciftify (https://edickie.github.io/ciftify), for Python where ciftify is installed, and for the commands of Connectome Workbench
(https://www.humanconnectome.org/software/workbench-command) that our scripts call."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True
from standin import NAME, Parser, called, stop, there, version, write  # noqa: E402, F401

words = sys.argv[1:]
# A file of the real form, for those who read it with the real Workbench.
cifti = open(os.environ["STAND_IN_CIFTI"], "rb").read() if "STAND_IN_CIFTI" in os.environ else None


def own(path):
    if not os.stat(path).st_mode & 0o200:
        stop(f"{path} cannot be written")


if NAME == "python3":
    if words[:1] != ["-c"] or "ciftify" not in words[1]:
        stop("only asked for the version of ciftify")
    print(version("2.3.3"))
elif NAME == "wb_command":
    called()
    kind = words[0]
    if kind == "-cifti-stats" and words[2] == "-reduce" and words[3] in ("MEAN", "MEDIAN"):
        there(words[1])
        print({"MEAN": "2.625", "MEDIAN": "61.5"}[words[3]])
    elif kind == "-file-information" and words[1] == "-only-number-of-maps":
        there(words[2])
        print("240")
    elif kind == "-cifti-reduce" and words[2] in ("MEAN", "STDEV"):
        there(words[1])
        write(words[3], words[2])
    elif kind == "-cifti-math" and words[3:5] == ["-fixnan", "0"]:
        there(words[7], words[10])
        write(words[2], words[1])
    else:
        stop("this command is not known")
else:
    called()
    print(NAME, "begins")
    parser = Parser()
    parser.add_argument("--ciftify-work-dir", required=True)
    parser.add_argument("--surf-reg")
    parser.add_argument("--n_cpus", type=int)
    if NAME == "ciftify_recon_all":
        parser.add_argument("--fs-subjects-dir", required=True)
        parser.add_argument("--no-symlinks", action="store_true")
        parser.add_argument("subject")
        given = parser.parse_args()
        there(f"{given.fs_subjects_dir}/{given.subject}/mri/aparc+aseg.mgz")
        own(f"{given.fs_subjects_dir}/{given.subject}/mri")
        place = f"{given.ciftify_work_dir}/{given.subject}"
        write(f"{place}/MNINonLinear/T1w.nii.gz", "image")
        for name in "thickness.32k_fs_LR.dscalar.nii", "L.midthickness.32k_fs_LR.surf.gii", "R.midthickness.32k_fs_LR.surf.gii":
            write(f"{place}/MNINonLinear/fsaverage_LR32k/{given.subject}.{name}", cifti if cifti and name.endswith("dscalar.nii") else name)
    else:
        parser.add_argument("--SmoothingFWHM", type=float)
        parser.add_argument("--already-in-MNI", action="store_true")
        parser.add_argument("func")
        parser.add_argument("subject")
        parser.add_argument("task")
        given = parser.parse_args()
        there(given.func, f"{given.ciftify_work_dir}/{given.subject}/MNINonLinear")
        own(f"{given.ciftify_work_dir}/{given.subject}/MNINonLinear")
        write(f"{given.ciftify_work_dir}/{given.subject}/MNINonLinear/Results/{given.task}/{given.task}_Atlas_s0.dtseries.nii", cifti or "series")
