"""Means of Camino's maps where a tensor was fitted, and number and length of its streamlines.

measures.py TENSOR FA MD TRACTS, in Camino's big-endian forms: eight doubles a voxel, the first an exit code that is negative outside the mask; a double a
voxel; of each streamline the number of its points, its seed, and the points in mm as floats.
"""
import array
import math
import os
import sys


def numbers(path, kind):
    values = array.array(kind)
    with open(path, "rb") as file:
        values.fromfile(file, os.path.getsize(path) // values.itemsize)
    if sys.byteorder == "little":
        values.byteswap()
    return values


tensor, fa, md = (numbers(path, "d") for path in sys.argv[1:4])
tracts = numbers(sys.argv[4], "f")
inside = [voxel for voxel in range(len(fa)) if tensor[8 * voxel] >= 0]
if len(tensor) != 8 * len(fa) or len(fa) != len(md):
    sys.exit("the maps of Camino do not have the same voxels")
if not inside:
    print("the mask of the brain is empty", file=sys.stderr)
    sys.exit(8)
count, length, at = 0, 0.0, 0
while at < len(tracts):
    points = int(tracts[at])
    path = [tracts[at + 2 + 3 * i : at + 5 + 3 * i] for i in range(points)]
    length += sum(math.dist(path[i], path[i + 1]) for i in range(points - 1))
    count += 1
    at += 2 + 3 * points
print("measure", "region", "unit", "value", sep="\t")
print("fractional_anisotropy_mean", "brain_mask", 1, f"{math.fsum(fa[v] for v in inside) / len(inside):.6g}", sep="\t")
print("mean_diffusivity_mean", "brain_mask", "mm2/s", f"{math.fsum(md[v] for v in inside) / len(inside) * 1e6:.6g}", sep="\t")
print("mask_voxels", "brain_mask", 1, len(inside), sep="\t")
print("streamlines", "whole_brain", 1, count, sep="\t")
print("streamline_length_mean", "whole_brain", "mm", f"{length / count:.6g}" if count else "n/a", sep="\t")
