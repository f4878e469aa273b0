"""The numbers of the results of a BIDS App, as rows of measure, region, unit, value.

numbers.py RESULTS. It knows the confounds of fMRIPrep and QSIPrep, the quality measures of MRIQC, QSIPrep and XCP-D, and the scalars of bundles of QSIRecon. The region is
the name of the file without subject and session; of a bundle its name, behind the series where the name of the file tells it.
"""
import csv
import hashlib
import json
import math
import os
import re
import sys

MILLIMETRES = re.compile(r"(^|_)(fd|framewise_displacement|rms|rmsd|translation|spacing_[xyz]|voxel_size_[xyz])(_|$)")
WITHOUT_UNIT = re.compile(r"(^|_)(num|number|count|volumes|correlation|corr)(_|$)")
OTHER_UNITS = {"fd_perc": "%", "spacing_tr": "s"}
ENTITIES = {"sub", "ses", "run", "task", "space", "cohort", "res", "den", "acq", "dir", "echo"}
IMAGES = ("T1w", "T2w", "bold", "dwi")
# Characters of a measure or a region.
LONGEST = 100
rows = {}


def unit(measure):
    if measure in OTHER_UNITS:
        return OTHER_UNITS[measure]
    if re.search(r"(^|_)max_b$", measure):
        return "s/mm2"
    # Of these a table does not say whether they are in degrees.
    if "rotation" in measure:
        return "n/a"
    return "mm" if MILLIMETRES.search(measure) and not WITHOUT_UNIT.search(measure) else "1"


def number(text):
    """None where it is not one, also n/a."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def short(text):
    """Long texts that begin alike stay apart."""
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 9] + "-" + hashlib.sha256(text.encode()).hexdigest()[:8]


def add(measure, region, value, of=None):
    if value is None:
        return
    key, row = (short(measure), short(region)), (of or unit(measure), value)
    if rows.setdefault(key, row) != row:
        sys.exit(f"two files have {measure} of {region}: {rows[key][1]:.9g} and {value:.9g}")


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def confounds(path, region):
    lines = table(path)
    add("volumes", region, len(lines))
    for column in "framewise_displacement", "std_dvars":
        values = [value for value in (number(line.get(column)) for line in lines) if value is not None]
        if values:
            add(column + "_mean", region, math.fsum(values) / len(values))
            add(column + "_max", region, max(values))


def one_line(path, region):
    for line in table(path)[:1]:
        for column, text in line.items():
            # Entities of the name are columns, too, with a label that may look like a number.
            if column not in ENTITIES and not column.endswith("_id"):
                add(column, region, number(text))


def image_quality(path, region):
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    # A sidecar of an image is no report of MRIQC.
    if "provenance" in content:
        for measure, value in content.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                add(measure, region, number(value))


def bundles(path, stem):
    series = "_".join(part for part in stem.split("_") if not re.match(r"(space|bundles)-|scalarstats$", part))
    for line in table(path):
        if "mean" in line and "variable_name" in line and "bundle" in line:
            # The table says no units.
            add(f"{line['variable_name']}_mean", f"{series} {line['bundle']}".strip(), number(line["mean"]), "n/a")


for folder, folders, files in os.walk(sys.argv[1]):
    folders.sort()
    for name in sorted(files):
        path = os.path.join(folder, name)
        stem = "_".join(part for part in name.split(".")[0].split("_") if not re.match(r"(sub|ses)-", part))
        if name.endswith("_desc-confounds_timeseries.tsv"):
            confounds(path, stem.removesuffix("_desc-confounds_timeseries"))
        elif name.endswith("_qc.tsv"):
            one_line(path, re.sub(r"_?desc-[A-Za-z0-9]+_qc$", "", stem) or "session")
        elif name.endswith("_scalarstats.tsv"):
            bundles(path, stem)
        elif name.endswith(".json") and name.startswith("sub-") and name[:-5].endswith(IMAGES):
            image_quality(path, stem)

print("measure", "region", "unit", "value", sep="\t")
for (measure, region), (of, value) in rows.items():
    print(measure, region, of, f"{value:.9g}", sep="\t")
