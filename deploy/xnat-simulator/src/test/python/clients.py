"""What real XNAT clients do against the simulator: one line per operation, "client<TAB>operation<TAB>ok" or the error."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile

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

        def made(owner):
            owner.create_resource("KEPT")
            with tempfile.NamedTemporaryFile(suffix=".txt") as file:
                file.write(b"kept")
                file.flush()
                owner.resources["KEPT"].upload(file.name, "kept.txt")
            same(list(owner.resources["KEPT"].files), ["kept.txt"])

        def waiting(label):
            return [one for one in session.prearchive.sessions() if one.label == label][0]

        def upload_session():
            with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as beside:
                resource.download_dir(folder, verbose=False)
                archive = shutil.make_archive(beside + "/upload", "zip", folder)
                session.services.import_(archive, destination="/prearchive", project="P", subject="S", experiment="LATER")
            same(waiting("LATER").status, "READY")

        def look_into_prearchive():
            same([(scan.series_description, len(scan.files)) for scan in waiting("LATER").scans], [("Sag T1 MPRAGE", 3)])
            same(waiting("LATER").scans[0].dicom_dump(fields=["Modality"])[0]["value"], "MR")

        def move_in_prearchive():
            waiting("LATER").move("Q", asynchronous=False)
            same(waiting("LATER").project, "Q")

        def archive_waiting():
            waiting("LATER").rebuild(asynchronous=False)
            same(waiting("LATER").archive(subject="S2", experiment="Q_01").label, "Q_01")

        def types():
            same(hasattr(session.classes.MrScanDataParameters, "tr"), True)
            same(hasattr(session.classes.ImageScanDataScanner, "manufacturer"), True)
            for name in ["PetSessionData", "CtSessionData", "OtherDicomSessionData", "PetScanData", "OtherDicomScanData"]:
                same(hasattr(session.classes, name), True)

        def values():
            scan = experiment.scans["2"]
            same((scan.frames, scan.modality, str(scan.start_time), scan.image_session_id, experiment.modality),
                 (3, "MR", "17:05:00", experiment.id, "MR"))

        def search():
            kind = session.classes.MrSessionData
            same([found.label for found in kind.query().filter(kind.label == "P_S_01").all()], ["P_S_01"])

        run([
            ("classes of the schema", types),
            ("read values of a scan", values),
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
            ("resource of a project", lambda: made(session.projects["P"])),
            ("resource of a subject", lambda: made(session.projects["P"].subjects["S"])),
            ("search", search),
            ("upload session", upload_session),
            ("look into prearchive", look_into_prearchive),
            ("move in prearchive", move_in_prearchive),
            ("archive from prearchive", archive_waiting),
            ("share session", lambda: experiment.share("Q")),
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


def with_xnatctl():
    home = tempfile.mkdtemp()
    environment = dict(os.environ, HOME=home, XNAT_URL=url, XNAT_USER=user, XNAT_PASS=password)

    def call(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "xnatctl", *arguments], cwd=home, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)
        return done.stdout

    def table(*arguments):
        return json.loads(call(*arguments, "-o", "json"))

    def sessions():
        return sorted(row["label"] for row in table("session", "list", "-P", "P"))

    def download_scan():
        call("scan", "download", "-E", "SIM_E00001", "-s", "2", "--out", home)
        with zipfile.ZipFile(home + "/SIM_E00001/scans.zip") as archive:
            same(len(archive.namelist()), 3)
            archive.extractall(home + "/images")

    def upload(label, *how):
        call("session", "upload", home + "/images", "-P", "P", "-S", "T", "-E", label, "-w", "1", *how)

    def upload_session():
        upload("T_01")
        same(sessions(), ["P_S_01", "T_01"])

    def object_by_object():
        upload("T_02", "--mode", "gradual")
        same(sessions(), ["P_S_01", "T_01", "T_02"])

    def to_prearchive():
        upload("T_03", "--prearchive")
        same([row["status"] for row in table("prearchive", "list")], ["RECEIVING"])

    def archive_waiting():
        row = table("prearchive", "list")[0]
        urllib.request.urlopen(urllib.request.Request(
            f"{url}/data/services/prearchive/rebuild?src={row['url']}", method="POST",
            headers={"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()})).close()
        call("prearchive", "archive", "P", row["timestamp"], "T_03", "--subject", "T", "--label", "T_03")
        same("T_03" in sessions(), True)

    def upload_file():
        with open(home + "/a.txt", "w") as file:
            file.write("hello")
        call("resource", "upload", "SIM_E00001", "NOTES", home + "/a.txt")
        same([row["file_count"] for row in table("resource", "list", "SIM_E00001") if row["label"] == "NOTES"], ["1"])

    def download_resource():
        call("resource", "download", "SIM_E00001", "NOTES", "-f", home + "/notes.zip")
        with zipfile.ZipFile(home + "/notes.zip") as archive:
            same(archive.read(archive.namelist()[0]), b"hello")

    def delete_scan():
        accession = [row["id"] for row in table("session", "list", "-P", "P") if row["label"] == "T_01"][0]
        call("scan", "delete", "-E", accession, "-s", "2", "-y")
        same(table("scan", "list", "-E", accession), [])

    call("config", "init", "--url", url, "--project", "P")
    run([
        ("log in", lambda: call("auth", "login", "-u", user, "--password", password)),
        ("list projects", lambda: same("P" in [row["id"] for row in table("project", "list")], True)),
        ("list subjects", lambda: same([row["label"] for row in table("subject", "list", "-P", "P")], ["S"])),
        ("list sessions", lambda: same(sessions(), ["P_S_01"])),
        ("list scans", lambda: same([row["id"] for row in table("scan", "list", "-E", "SIM_E00001")], ["2", "3"])),
        ("download scan", download_scan),
        ("upload session", upload_session),
        ("upload object by object", object_by_object),
        ("upload to prearchive", to_prearchive),
        ("archive from prearchive", archive_waiting),
        ("upload file", upload_file),
        ("download resource", download_resource),
        ("refresh catalogues", lambda: call("admin", "refresh-catalogs", "P", "--option", "delete")),
        ("delete scan", delete_scan),
    ])


def with_dax():
    from dax import XnatUtils

    with XnatUtils.get_interface(host=url, user=user, pwd=password) as central:
        resource = central.select_scan_resource("P", "S", "P_S_01", "2", "DICOM")

        def download():
            with tempfile.TemporaryDirectory() as folder:
                same(len(resource.get(folder, extract=True)), 3)

        def upload():
            notes = central.select_scan_resource("P", "S", "P_S_01", "2", "NOTES")
            XnatUtils.upload_file_to_obj(__file__, notes)
            same(notes.files().get(), [os.path.basename(__file__)])

        def walk():
            scans = XnatUtils.CachedImageSession(central, "P", "S", "P_S_01").scans()
            same([(scan.label(), [one.label() for one in scan.resources()][:1]) for scan in scans],
                 [("2", ["DICOM"]), ("3", ["DICOM"])])

        run([
            ("list projects", lambda: same([row["ID"] for row in central.get_projects()], ["P", "Q"])),
            ("list subjects", lambda: same([row["label"] for row in central.get_subjects("P")], ["S"])),
            ("list sessions", lambda: same([row["label"] for row in central.get_sessions("P")], ["P_S_01"])),
            ("list scans", lambda: same([row["ID"] for row in central.get_scans("P", "S", "P_S_01")], ["2", "3"])),
            ("list scans of a project", lambda: same(
                sorted((row["ID"], row["resources"]) for row in central.get_project_scans("P")),
                [("2", ["DICOM"]), ("3", ["DICOM"])])),
            ("list resources of a scan", lambda: same(
                [row["label"] for row in central.get_scan_resources("P", "S", "P_S_01", "2")], ["DICOM"])),
            ("list assessors", lambda: same(central.get_assessors("P", "S", "P_S_01"), [])),
            ("session exists", lambda: same(central.select_session("P", "S", "P_S_01").exists(), True)),
            ("list files", lambda: same(len(resource.files().get()), 3)),
            ("download resource", download),
            ("upload file", upload),
            ("walk a session", walk),
        ])


def with_dicomweb():
    import pydicom
    from dicomweb_client.api import DICOMwebClient
    from dicomweb_client.session_utils import create_session_from_user_pass

    central = DICOMwebClient(
        url + "/xapi/dicomweb/projects/P", session=create_session_from_user_pass(user, password))
    study = "1.2.826.0.1.1"

    def dataset(json):
        return pydicom.dataset.Dataset.from_json(json, bulk_data_uri_handler=lambda address: b"")

    def headers(found):
        return sorted((int(one.InstanceNumber), float(one.RepetitionTime), list(one.ImageType)[0])
                      for one in map(dataset, found))

    expected = [(number, 2000.0, "ORIGINAL") for number in (1, 2, 3)]
    run([
        ("list sessions", lambda: same(
            [str(dataset(one).PatientName) for one in central.search_for_studies()], ["P_S_01"])),
        ("search", lambda: same(
            (len(central.search_for_studies(search_filters={"StudyDate": "20240305"}, fields=["StudyDescription"])),
             central.search_for_studies(search_filters={"PatientName": "nobody"})), (1, []))),
        ("list scans", lambda: same(
            [int(dataset(one).SeriesNumber) for one in central.search_for_series(study)], [2, 3])),
        ("list files", lambda: same(
            (len(central.search_for_instances(study, "1.2.3.2", limit=2)),
             len(central.search_for_instances(study, "1.2.3.2", limit=2, offset=2))), (2, 1))),
        ("headers of a session", lambda: same(len(central.retrieve_study_metadata(study)), 5)),
        ("headers of a scan", lambda: same(headers(central.retrieve_series_metadata(study, "1.2.3.2")), expected)),
        ("header of a file", lambda: same(
            headers([central.retrieve_instance_metadata(study, "1.2.3.2", "1.2.3.2.2")]), expected[1:2])),
    ])


{"xnatpy": with_xnatpy, "pyxnat": with_pyxnat, "xnatctl": with_xnatctl, "dax": with_dax,
 "dicomweb": with_dicomweb}[client]()
