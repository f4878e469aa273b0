"""What real XNAT clients do against the simulator: one line per operation, "client<TAB>operation<TAB>ok" or the error."""

import sys
import tempfile

url, user, password, client = sys.argv[1:5]


def run(operations):
    for name, operation in operations:
        try:
            operation()
            print(f"{client}\t{name}\tok", flush=True)
        except Exception as e:  # every failure of a client is the finding
            print(f"{client}\t{name}\t{type(e).__name__}: {str(e)[:300]!r}", flush=True)


def same(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} instead of {expected!r}")


def with_xnatpy():
    import xnat

    with xnat.connect(url, user=user, password=password, loglevel="ERROR") as session:
        experiment = session.projects["P"].subjects["S"].experiments["P_S_01"]
        resource = experiment.scans["2"].resources["DICOM"]

        def download():
            with tempfile.TemporaryDirectory() as folder:
                resource.download_dir(folder, verbose=False)

        def create_resource():
            new = session.classes.ResourceCatalog(parent=experiment, label="MADE")
            with tempfile.NamedTemporaryFile(suffix=".txt") as file:
                file.write(b"made")
                file.flush()
                new.upload(file.name, "made.txt")
            experiment.clearcache()
            same("made.txt" in experiment.resources["MADE"].files, True)

        def read_file():
            with experiment.resources["MADE"].files["made.txt"].open() as file:
                same(file.read(), b"made")

        def note():
            experiment.note = "seen"
            experiment.clearcache()
            same(experiment.note, "seen")

        run([
            ("list projects", lambda: same("P" in session.projects, True)),
            ("list scans", lambda: same(sorted(experiment.scans.keys())[:1], ["2"])),
            ("read scan type", lambda: same(bool(experiment.scans["2"].type), True)),
            ("file_count", lambda: same(resource.file_count > 0, True)),
            ("list files", lambda: same(len(resource.files) > 0, True)),
            ("download resource", download),
            ("read_dicom", lambda: experiment.scans["2"].read_dicom()),
            ("create resource and upload", create_resource),
            ("open file", read_file),
            ("set note", note),
        ])


def with_pyxnat():
    import pyxnat

    central = pyxnat.Interface(server=url, user=user, password=password, verify=False)
    experiment = central.select("/projects/P/subjects/S/experiments/P_S_01")

    def upload():
        experiment.resource("NOTES").file("a.txt").insert(__file__)

    def download():
        with tempfile.TemporaryDirectory() as folder:
            same(len(experiment.scan("2").resource("DICOM").get(folder, extract=True)) > 0, True)

    run([
        ("list projects", lambda: same("P" in central.select.projects().get(), True)),
        ("session exists", lambda: same(experiment.exists(), True)),
        ("list scans", lambda: same("2" in experiment.scans().get(), True)),
        ("read attribute", lambda: same(experiment.attrs.get("label"), "P_S_01")),
        ("upload file", upload),
        ("list files", lambda: same(experiment.resource("NOTES").files().get(), ["a.txt"])),
        ("download resource", download),
        ("array of experiments", lambda: same(
            len(central.array.experiments(project_id="P", experiment_type="xnat:mrSessionData").data) > 0, True)),
        ("array of scans", lambda: same(len(central.array.mrscans(project_id="P").data), 2)),
        ("search", lambda: same(
            [row["label"] for row in central.select(
                "xnat:mrSessionData", ["xnat:mrSessionData/LABEL", "xnat:mrSessionData/PROJECT"]).where(
                    [("xnat:mrSessionData/PROJECT", "=", "P"), "AND"]).data], ["P_S_01"])),
    ])


{"xnatpy": with_xnatpy, "pyxnat": with_pyxnat}[client]()
