"""Bias field correction (N4) of one image, and registration of a second one to it, with ANTs.

register.py VERSION FIXED TRANSFORM [MOVING]
"""
import math
import os
import shutil
import sys
from importlib import metadata

version, fixed_path, transform = sys.argv[1:4]
moving_path = sys.argv[4] if len(sys.argv) > 4 else None


def stop(code, text):
    print(text, file=sys.stderr)
    sys.exit(code)


# Results are filed under the version that the descriptor names.
try:
    found = metadata.version("antspyx")
except metadata.PackageNotFoundError:
    found = "no antspyx"
if found != version:
    stop(4, f"{found} is installed, the descriptor is for antspyx {version}")
os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = os.environ.get("OMP_NUM_THREADS", "1")
# The same chance in each run.
os.environ["ANTS_RANDOM_SEED"] = "1"

import ants  # noqa: E402
import numpy  # noqa: E402


def corrected(path, name):
    image = ants.image_read(path)
    if image.dimension != 3:
        stop(5, f"{path} has {image.dimension} dimensions, not 3")
    if not (image.numpy() > 0).any():
        stop(6, f"{path} has no voxel above 0")
    field = ants.n4_bias_field_correction(image, return_bias_field=True)
    result = ants.n4_bias_field_correction(image)
    ants.image_write(result, name)
    mask = ants.get_mask(image).numpy() > 0
    low, high = numpy.percentile(field.numpy()[mask], [5, 95])
    return result, high / low


rows = []
fixed, spread = corrected(fixed_path, "fixed_n4.nii.gz")
rows.append(("bias_field_ratio", "fixed", 1, spread))
if moving_path:
    moving, spread = corrected(moving_path, "moving_n4.nii.gz")
    rows.append(("bias_field_ratio", "moving", 1, spread))
    # A name of its own: ANTs writes its transforms to wherever this begins.
    result = ants.registration(fixed, moving, type_of_transform=transform, outprefix=os.path.join(os.getcwd(), "moving_to_fixed_"), random_seed=1)
    registered = result["warpedmovout"]
    ants.image_write(registered, "moving_registered.nii.gz")
    affine = next(path for path in result["fwdtransforms"] if path.endswith(".mat"))
    shutil.copy(affine, "moving_to_fixed.mat")
    parameters = numpy.array(ants.read_transform(affine).parameters)
    u, _, v = numpy.linalg.svd(parameters[:9].reshape(3, 3))
    angle = math.degrees(math.acos(max(-1.0, min(1.0, (numpy.trace(u @ v) - 1) / 2))))
    centre = [o + d @ (numpy.array(fixed.spacing) * (numpy.array(fixed.shape) - 1) / 2) for o, d in zip(fixed.origin, fixed.direction)]
    moved = ants.apply_ants_transform_to_point(ants.read_transform(affine), centre)
    rows.append(("displacement_of_centre", "moving", "mm", math.dist(centre, moved)))
    rows.append(("rotation", "moving", "degree", angle))
    # ANTs' mutual information is the less the more alike.
    rows.append(("mutual_information", "moving", 1, -ants.image_mutual_information(fixed, registered)))

with open("measures.tsv", "w") as table:
    print("measure", "region", "unit", "value", sep="\t", file=table)
    for measure, region, unit, value in rows:
        print(measure, region, unit, f"{value:.6g}" if math.isfinite(value) else "n/a", sep="\t", file=table)
