"""Volumes of the labels of NIfTI images, as rows of measure, region, unit, value.

volumes.py NAMES [LABELS...]   NAMES: a TSV of label and name, which need not be there; without LABELS it is only checked
"""
import array
import collections
import gzip
import os
import re
import struct
import sys

TYPES = {2: "B", 4: "h", 8: "i", 16: "f", 64: "d", 256: "b", 512: "H", 768: "I"}


def stop(path, text):
    print(f"{path} {text}", file=sys.stderr)
    sys.exit(7)


def volumes(path):
    """Volume of each label in mm3."""
    with (gzip.open if path.endswith(".gz") else open)(path) as file:
        data = file.read()
    if len(data) < 352 or data[344:347] not in (b"n+1",):
        stop(path, "is not NIfTI-1: give MAGeT-Brain atlases as .nii.gz")
    order = "<" if struct.unpack_from("<i", data)[0] == 348 else ">"
    kind = TYPES.get(struct.unpack_from(order + "h", data, 70)[0])
    if kind is None:
        stop(path, "has a type of voxels that labels do not have")
    x, y, z = struct.unpack_from(order + "3h", data, 42)
    dx, dy, dz = struct.unpack_from(order + "3f", data, 80)
    begin = int(struct.unpack_from(order + "f", data, 108)[0])
    size = x * y * z * array.array(kind).itemsize
    if size <= 0 or len(data) - begin != size:
        stop(path, f"has {len(data) - begin} bytes of voxels, and its header promises {x} x {y} x {z} voxels, {size} bytes")
    voxels = array.array(kind, data[begin:])
    if (order == "<") != (sys.byteorder == "little"):
        voxels.byteswap()
    return {int(label): n * abs(dx * dy * dz) for label, n in collections.Counter(voxels).items() if label > 0}


def named(path):
    """Name of each label."""
    names = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as table:
            for label, name in (line.strip().split("\t", 1) for line in table if "\t" in line.strip()):
                if label in names or name in names.values():
                    stop(path, f"has the label {label} or the name {name} twice")
                names[label] = name
    return names


def kind_of(path):
    """What MAGeT-Brain writes begins with the whole name of the image: subject_t1.nii.gz_label_KIND.nii.gz."""
    kind = re.sub(r"\.(nii|nii\.gz)$", "", os.path.basename(path)).rpartition("_label")[2]
    return kind.strip("_") or "label"


names = named(sys.argv[1])
print("measure", "region", "unit", "value", sep="\t")
several = len(sys.argv) > 3
for path in sys.argv[2:]:
    for label, volume in sorted(volumes(path).items()):
        region = names.get(str(label), f"label-{label}")
        print("volume", f"{kind_of(path)} {region}" if several else region, "mm3", f"{volume:.6g}", sep="\t")
