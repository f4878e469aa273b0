"""Means of Camino's maps where a tensor was fitted, and number and length of its streamlines.

measures.py TENSOR FA MD TRACTS, in Camino's big-endian forms: eight doubles a voxel, the first an exit code that is negative outside the mask; a double a
voxel; of each streamline the number of its points, its seed, and the points in mm as floats.
"""
import array
import math
import os
import sys


def stop(code, text):
    print(text, file=sys.stderr)
    sys.exit(code)


def numbers(path, kind):
    values = array.array(kind)
    size = os.path.getsize(path)
    if size % values.itemsize:
        stop(9, f"{path} ends within a number")
    with open(path, "rb") as file:
        values.fromfile(file, size // values.itemsize)
    if sys.byteorder == "little":
        values.byteswap()
    return values


def shown(value):
    return f"{value:.6g}" if math.isfinite(value) else "n/a"


def mean(values, factor=1.0):
    """A mean with a value that is no number, as of a voxel that Camino could not fit, is not available."""
    return shown(math.fsum(values) / len(values) * factor) if all(math.isfinite(value) for value in values) else "n/a"


tensor, fa, md = (numbers(path, "d") for path in sys.argv[1:4])
tracts = numbers(sys.argv[4], "f")
if len(tensor) != 8 * len(fa) or len(fa) != len(md):
    stop(9, f"the maps of Camino do not have the same voxels: {len(tensor) / 8:g} tensors, {len(fa)} of FA, {len(md)} of MD")
inside = [voxel for voxel in range(len(fa)) if tensor[8 * voxel] >= 0]
if not inside:
    stop(8, "the mask of the brain is empty")
count, length, at = 0, 0.0, 0
while at < len(tracts):
    points = int(tracts[at]) if math.isfinite(tracts[at]) else -1
    if points < 1 or at + 2 + 3 * points > len(tracts):
        stop(9, f"{sys.argv[4]} ends within streamline {count + 1}")
    path = [tracts[at + 2 + 3 * i : at + 5 + 3 * i] for i in range(points)]
    length += sum(math.dist(path[i], path[i + 1]) for i in range(points - 1))
    count += 1
    at += 2 + 3 * points
print("measure", "region", "unit", "value", sep="\t")
print("fractional_anisotropy_mean", "brain_mask", 1, mean([fa[v] for v in inside]), sep="\t")
print("mean_diffusivity_mean", "brain_mask", "mm2/s", mean([md[v] for v in inside], 1e6), sep="\t")
print("mask_voxels", "brain_mask", 1, len(inside), sep="\t")
print("streamlines", "whole_brain", 1, count, sep="\t")
print("streamline_length_mean", "whole_brain", "mm", shown(length / count) if count else "n/a", sep="\t")
