#!/usr/bin/env python3
"""Stand-ins for BIDS Apps. Their arguments: https://fmriprep.org/en/stable/usage.html, https://mriqc.readthedocs.io/en/stable/running.html,
https://qsiprep.readthedocs.io/en/latest/usage.html, https://qsirecon.readthedocs.io/en/latest/usage.html, https://xcp-d.readthedocs.io/en/latest/usage.html,
https://www.nipreps.org/smriprep/usage.html; their results: the pages on outputs there. MRIQC gives its own version in its reports.

STAND_IN_FAULT, further: "reports" writes only a report, a log and a figure; "nothing" an image without numbers; "no-stats", "no-lh" and "half-aseg" no folder of tables of
FreeSurfer, not all of them, or one that ends early; "two-values" two files with other numbers of the same.
"""
import glob
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True
from standin import FAULT, NAME, Parser, called, stop, there, version, write  # noqa: E402, F401

VERSIONS = {
    "fmriprep": "fMRIPrep v25.2.3", "mriqc": "MRIQC v24.0.2", "qsiprep": "QSIPrep v26.1.1", "qsirecon": "QSIRecon v1.1.1", "xcp_d": "XCP-D v0.11.0",
    "smriprep": "sMRIPrep v0.19.5", "anyapp": "anyapp 2.0",
}
usual = VERSIONS[NAME]
if sys.argv[1:] == ["--version"]:
    print(f"{usual.split()[0]} {version(usual.split()[1])}")
    sys.exit()
called()
print(NAME, "begins")

parser = Parser()
parser.add_argument("dataset")
parser.add_argument("results")
parser.add_argument("level", choices=["participant"])
parser.add_argument("--participant-label", nargs="+", required=True)
if NAME != "anyapp":
    parser.add_argument("-w", required=True)
    parser.add_argument("--notrack", action="store_true")
    parser.add_argument("--omp-nthreads", type=int)
    parser.add_argument("--nprocs" if NAME == "mriqc" else "--nthreads", type=int)
if NAME in ("fmriprep", "qsiprep"):
    parser.add_argument("--skip-bids-validation", action="store_true")
if NAME in ("fmriprep", "smriprep", "qsiprep"):
    parser.add_argument("--stop-on-first-crash", action="store_true")
if NAME in ("fmriprep", "smriprep"):
    parser.add_argument("--output-spaces", nargs="*")
    parser.add_argument("--fs-subjects-dir")
    parser.add_argument("--fs-no-reconall", action="store_true")
if NAME == "fmriprep":
    parser.add_argument("--use-syn-sdc", nargs="?")
    parser.add_argument("--cifti-output", nargs="?", choices=["91k", "170k"])
if NAME == "mriqc":
    parser.add_argument("--no-sub", action="store_true")
    parser.add_argument("--modalities", nargs="*", choices=["T1w", "T2w", "bold", "dwi"])
if NAME == "qsiprep":
    parser.add_argument("--output-resolution", type=float, required=True)
    for name in "--anat-modality", "--denoise-method", "--hmc-method":
        parser.add_argument(name)
if NAME == "qsirecon":
    parser.add_argument("--recon-spec")
if NAME == "xcp_d":
    parser.add_argument("--mode", choices=["abcd", "hbcd", "linc", "none"], required=True)
    parser.add_argument("--nuisance-regressors")
    parser.add_argument("--fd-thresh", type=float)
    parser.add_argument("--motion-filter-type", choices=["lp", "notch", "none"])
if NAME == "anyapp":
    parser.add_argument("--n_cpus", type=int)
given = parser.parse_args()
if NAME == "xcp_d" and given.mode != "linc" and given.motion_filter_type is None:
    stop(f"'--motion-filter-type' is required for '{given.mode}' mode.")
there(os.path.join(given.dataset, "dataset_description.json"))
label = given.participant_label[0]
if label.startswith("sub-") or not os.path.isdir(os.path.join(given.dataset, "sub-" + label)):
    stop(f"no participant {label}")

session = f"{given.results}/sub-{label}/ses-01"
stem = f"sub-{label}_ses-01_"


def tsv(path, columns, *lines):
    write(path, "\n".join("\t".join(str(value) for value in line) for line in (columns, *lines)) + "\n")


write(f"{given.results}/dataset_description.json", "{}")
write(f"{given.results}/sub-{label}.html", "report")
write(f"{given.results}/sub-{label}/log/20260101/{NAME}.toml", "log")
write(f"{given.results}/sub-{label}/figures/{stem}T1w.svg", "figure")
if FAULT == "reports":
    sys.exit()
if FAULT == "nothing":
    write(f"{session}/anat/{stem}T1w.nii.gz", "image")
    sys.exit()
if NAME == "fmriprep":
    tsv(f"{session}/func/{stem}task-rest_run-01_desc-confounds_timeseries.tsv", ["csf", "std_dvars", "framewise_displacement"], [9, "n/a", "n/a"], [9, 1.0, 0.1], [9, 2.0, 0.3])
    tsv(f"{session}/func/{stem}task-rest_run-02_desc-confounds_timeseries.tsv", ["csf", "std_dvars", "framewise_displacement"], [9, "n/a", "n/a"])
    write(f"{session}/func/{stem}task-rest_run-01_space-MNI152NLin2009cAsym_desc-preproc_bold.json", '{"RepetitionTime": 2.0}')
if NAME in ("fmriprep", "smriprep"):
    write(f"{session}/anat/{stem}desc-preproc_T1w.nii.gz", "image")
    write(f"{session}/anat/{stem}desc-preproc_T1w.json", '{"SkullStripped": false}')
    subject = f"{given.fs_subjects_dir}/sub-{label}"
    if os.path.isdir(subject):
        if not os.stat(subject).st_mode & 0o200:
            stop(f"{subject} cannot be written")
        write(f"{subject}/scripts/fmriprep.txt", "went on")
    elif not given.fs_no_reconall and FAULT != "no-stats":
        stats = f"{given.fs_subjects_dir}/sub-{label}/stats"
        volumes = [("Measure BrainSeg, BrainSegVol, brain, 1200000.0, mm^3"), ("Measure EstimatedTotalIntraCranialVol, eTIV, of the skull, 1500000.25, mm^3"), "ColHeaders Index SegId NVoxels Volume_mm3 StructName"]
        cortex = ["Measure Cortex, WhiteSurfArea, area, 90000.5, mm^2", "Measure Cortex, MeanThickness, thickness, 2.5, mm", "ColHeaders StructName NumVert SurfArea GrayVol ThickAvg"]
        write(f"{stats}/aseg.stats", "".join(f"# {line}\n" for line in volumes) + ("1 17 4000" if FAULT == "half-aseg" else "1 17 4000 4000.5 Left-Hippocampus\n"))
        for hemisphere in ["rh"] if FAULT == "no-lh" else ["lh", "rh"]:
            write(f"{stats}/{hemisphere}.aparc.stats", "".join(f"# {line}\n" for line in cortex) + "precuneus 1500 1000 3000 2.345\n")
if NAME == "mriqc":
    about = {"bids_meta": {"RepetitionTime": 2.0}, "provenance": {"version": "24.0.2"}}
    write(f"{session}/anat/{stem}T1w.json", json.dumps(about | {"cjv": 0.4, "snr_total": 12.5, "spacing_x": 1.0, "summary_bg_n": 1000, "bad": None, "x": True}))
    write(f"{session}/func/{stem}task-rest_bold.json", json.dumps(about | {"fd_mean": 0.12, "fd_num": 3, "fd_perc": 1.5, "tsnr": 55.0, "spacing_tr": 2.0}))
    write(f"{session}/func/{stem}task-rest_timeseries.json", "{}")
if NAME == "qsiprep":
    tsv(f"{session}/dwi/{stem}dir-AP_space-ACPC_desc-image_qc.tsv", ["subject_id", "session_id", "raw_neighbor_corr", "raw_max_b", "mean_fd", "max_fd", "raw_num_bad_slices"], [label, "01", 0.7, 3000, 0.2, 0.9, 3])
    tsv(f"{session}/dwi/{stem}dir-AP_desc-confounds_timeseries.tsv", ["framewise_displacement"], ["n/a"], [0.2], [0.4])
if NAME == "xcp_d":
    if not glob.glob(f"{given.dataset}/sub-{label}/**/*_den-91k_bold.dtseries.nii", recursive=True):
        stop("no CIFTI of a run was found")
    tsv(f"{session}/func/{stem}task-rest_space-MNI152NLin2009cAsym_res-2_desc-linc_qc.tsv", ["sub", "ses", "task", "space", "mean_fd", "num_censored_volumes", "mean_dvars_final", "fd_dvars_correlation_final"], [label, "01", "rest", "MNI152NLin2009cAsym", 0.15, 7, 12.5, 0.4])
if NAME == "qsirecon":
    # Two series of one session; the same scalar of a bundle is in the folder of another workflow, too.
    second = 0.61 if FAULT == "two-values" else 0.51
    for workflow, series, fa in ("DSIStudio", "", 0.51), ("DSIStudio", "acq-b1000_run-02_", 0.41), ("TORTOISE", "", second):
        tsv(f"{given.results}/derivatives/qsirecon-{workflow}/sub-{label}/ses-01/dwi/{stem}{series}space-ACPC_bundles-DSIStudio_scalarstats.tsv", ["variable_name", "bundle", "mean", "median"], ["dti_fa", "CorticospinalTractL", fa, 0.5], ["dti_fa", "CorticospinalTractR", 0.52, 0.5])
if NAME == "anyapp":
    write(f"{session}/anything.txt", "result")
    # Two texts that are longer than what is accepted, and begin alike.
    for run in "01", "02":
        tsv(f"{session}/{stem}task-{'x' * 100}_run-{run}_desc-any_qc.tsv", ["mean_fd"], [float(run)])
