#!/usr/bin/env python3
"""Stand-ins for mb.sh of antsRegistration-MAGeT (https://github.com/CoBrALab/antsRegistration-MAGeT/blob/master/README.md) and the programs that it calls.

It finds its files as bin/mb.sh does, with find, and names labels as bin/mb_vote.sh does: by the whole name of the image. STAND_IN_FAULT, further: "half" writes labels that end early.
"""
import gzip
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True
from standin import FAULT, NAME, Parser, called, doubles, floats, stop, there, version, write  # noqa: E402, F401

called()
print(f"{NAME} began")
if NAME != "mb.sh":
    sys.exit()
if sys.argv[1:] != ["--", "run"]:
    stop("a stage behind --")
if os.environ.get("QBATCH_SYSTEM") != "local":
    stop("no jobs of jobs")
found = {}
for kind in "atlas", "template", "subject":
    found[kind] = subprocess.check_output(["find", f"input/{kind}", "-maxdepth", "1", "-name", "*_t1.nii.gz"], text=True).split()
    if not found[kind]:
        stop(f"Zero {kind}s found")
    there(*found[kind])
# 8 voxels of 0.5 x 1 x 2 mm: four of label 1, one of label 2.
head = bytearray(352)
struct.pack_into("<i", head, 0, 348)
struct.pack_into("<4h", head, 40, 3, 2, 2, 2)
struct.pack_into("<2h", head, 70, 2, 8)
struct.pack_into("<3f", head, 80, 0.5, 1, 2)
struct.pack_into("<f", head, 108, 352)
head[344:348] = b"n+1\0"
labels = gzip.compress(bytes(head) + bytes([0, 1, 1, 1, 1, 2, 0, 0][: 4 if FAULT == "half" else 8]))
first = os.path.basename(found["atlas"][0]).replace("t1.nii.gz", "label")
for name in os.listdir("input/atlas"):
    if name.startswith(first):
        for subject in found["subject"]:
            write(f"output/labels/majorityvote/{os.path.basename(subject)}_{name[name.index('label'):]}", labels)
