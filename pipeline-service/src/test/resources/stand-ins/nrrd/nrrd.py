#!/usr/bin/env python3
"""Stand-ins for DTIPrep, UKFTractography, DWIConvert and ConvertBetweenFileFormats, which exchange NRRD files.

Their parameters: https://github.com/NIRALUser/DTIPrep/blob/master/src/DTIPrep.xml, https://github.com/pnlbwh/ukftractography/blob/master/ukf/UKFTractography.xml,
https://www.slicer.org/wiki/Documentation/Nightly/Modules/DWIConverter, https://github.com/BRAINSia/BRAINSTools. DTIPrep takes out the last volume of each three; with
STAND_IN_FAULT "none-kept" all.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True
from standin import FAULT, NAME, Parser, called, doubles, floats, stop, there, version, write  # noqa: E402, F401

called()


def nrrd(volumes, kind="int16"):
    head = [f"NRRD0005", f"type: {kind}", "dimension: 4", f"sizes: 2 2 2 {volumes}", "encoding: raw", "modality:=DWMRI", "DWMRI_b-value:=1000"]
    return "\n".join(head + [f"DWMRI_gradient_{n:04d}:=1 0 0" for n in range(volumes)]) + "\n\n"


def volumes(path):
    with open(path) as file:
        lines = file.read().split("\n\n")[0].splitlines()
    if not lines[0].startswith("NRRD"):
        stop(f"{path} is not NRRD")
    return sum(line.startswith("DWMRI_gradient_") for line in lines)


def convert():
    parser = Parser()
    parser.add_argument("--conversionMode", required=True, choices=["FSLToNrrd", "NrrdToFSL"])
    for name in "inputVolume", "outputVolume":
        parser.add_argument("--" + name, required=True)
    for name in "inputBValues", "inputBVectors", "outputBValues", "outputBVectors":
        parser.add_argument("--" + name)
    given = parser.parse_args()
    there(given.inputVolume)
    if given.conversionMode == "FSLToNrrd":
        there(given.inputBValues, given.inputBVectors)
        with open(given.inputBValues) as file:
            write(given.outputVolume, nrrd(len(file.read().split())))
    else:
        count = volumes(given.inputVolume)
        write(given.outputVolume, "image")
        write(given.outputBValues, "0 " + "1000 " * (count - 1) + "\n")
        write(given.outputBVectors, ("0 " + "1 " * (count - 1) + "\n") * 3)


def prepare():
    parser = Parser()
    for name in "DWINrrdFile", "xmlProtocol", "outputFolder":
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--default", action="store_true")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    there(given.DWINrrdFile)
    if not given.outputFolder.startswith("/"):
        stop("a relative folder would be beside the image")
    if given.default:
        write(given.xmlProtocol, "<QCProtocol/>")
    there(given.xmlProtocol)
    kept = volumes(given.DWINrrdFile) * 2 // 3
    stem = os.path.join(given.outputFolder, os.path.basename(given.DWINrrdFile).removesuffix(".nrrd"))
    if FAULT != "none-kept":
        write(stem + "_QCed.nrrd", nrrd(kept))
    write(stem + "_QCReport.txt", "report")
    write(stem + "_XMLQCResult.xml", "<QCResultSettings/>")


def trace():
    parser = Parser()
    for name in "dwiFile", "maskFile", "tracts":
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--numTensor", type=int, choices=[1, 2, 3])
    parser.add_argument("--seedsPerVoxel", type=int, choices=range(51))
    parser.add_argument("--numThreads", type=int)
    parser.add_argument("--recordFA", action="store_true")
    parser.add_argument("--recordTrace", action="store_true")
    given = parser.parse_args()
    volumes(given.dwiFile)
    there(given.maskFile)
    # Three streamlines of 4, 3 and 2 points; the bytes between are no lines.
    points = b"POINTS 9 float\n" + floats(*range(27)) + b"\n\xff\n"
    old = b"# vtk DataFile Version 3.0\nTracts generated\nBINARY\nDATASET POLYDATA\n" + points + b"LINES 3 12\n" + b"\0" * 48 + b"\nPOINT_DATA 9\n"
    new = b"# vtk DataFile Version 5.1\nvtk output\nBINARY\nDATASET POLYDATA\n" + points + b"LINES 4 9\nOFFSETS vtktypeint64\n" + b"\0" * 32 + b"\nPOINT_DATA 9\n"
    write(given.tracts, new if version("") == "5.1" else old)


def mask():
    parser = Parser()
    parser.add_argument("source")
    parser.add_argument("target")
    given = parser.parse_args()
    there(given.source)
    write(given.target, nrrd(0, "uint8"))


{"DWIConvert": convert, "DTIPrep": prepare, "UKFTractography": trace, "ConvertBetweenFileFormats": mask}[NAME]()
