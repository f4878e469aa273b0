"""NODDI of one diffusion series with AMICO, and its means in the mask.

noddi.py VERSION DWI BVAL BVEC MASK
"""
import math
import os
import shutil
import sys
from importlib import metadata

version, dwi, bval, bvec, mask = sys.argv[1:]


def stop(code, text):
    print(text, file=sys.stderr)
    sys.exit(code)


# Results are filed under the version that the descriptor names.
try:
    found = metadata.version("dmri-amico")
except metadata.PackageNotFoundError:
    found = "no dmri-amico"
if found != version:
    stop(4, f"{found} is installed, the descriptor is for dmri-amico {version}")

import amico  # noqa: E402
import nibabel  # noqa: E402
import numpy  # noqa: E402

series = nibabel.load(dwi)
if len(series.shape) != 4:
    stop(5, "the image has no volumes")
# Scanners write the b-values of one shell a little apart: another shell begins behind a gap of more than 100 s/mm2.
weighted = sorted(float(b) for b in numpy.loadtxt(bval).ravel() if b > 50)
shells = [b for before, b in zip([-math.inf, *weighted], weighted) if b - before > 100]
if len(shells) < 2:
    stop(7, f"NODDI needs two shells, the series has {shells}")
if not numpy.asanyarray(nibabel.load(mask).dataobj).any():
    stop(6, "the mask of the brain is empty")

amico.set_verbose(2)
# Of the directions that amico.setup() prepares, NODDI needs these.
for directions in 1, 500:
    amico.lut.precompute_rotation_matrices(12, directions)
amico.util.fsl2scheme(bval, bvec, "dwi.scheme")
fit = amico.Evaluation(".", ".")
fit.set_config("nthreads", int(os.environ.get("OMP_NUM_THREADS", "1")))
# b-values below this have no diffusion weighting: scanners write 5 for 0.
fit.load_data(dwi_filename=dwi, scheme_filename="dwi.scheme", mask_filename=mask, b0_thr=50)
fit.set_model("NODDI")
fit.generate_kernels(regenerate=True)
fit.load_kernels()
fit.fit()
fit.save_results()

inside = numpy.asanyarray(nibabel.load(mask).dataobj) > 0
measures = {"NDI": "neurite_density_index_mean", "ODI": "orientation_dispersion_index_mean", "FWF": "free_water_fraction_mean"}
with open("measures.tsv", "w") as table:
    print("measure", "region", "unit", "value", sep="\t", file=table)
    for name, measure in measures.items():
        shutil.copy(f"AMICO/NODDI/fit_{name}.nii.gz", f"noddi_{name.lower()}.nii.gz")
        values = nibabel.load(f"noddi_{name.lower()}.nii.gz").get_fdata()[inside]
        print(measure, "brain_mask", 1, f"{values.mean():.6g}" if math.isfinite(values.mean()) else "n/a", sep="\t", file=table)
    print("mask_voxels", "brain_mask", 1, int(inside.sum()), sep="\t", file=table)
shutil.copy("AMICO/NODDI/fit_dir.nii.gz", "noddi_dir.nii.gz")
