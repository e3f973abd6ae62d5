"""The interface under /api, as the web application and programs use it: without accounts, from the same machine."""

import contextlib
import http.client
import io
import json
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.parse
import zipfile

import pydicom
import pytest
from pydicom.fileset import FileSet

from conftest import PLUGINS_OF_AN_ARCHIVE, free_port
from objects import PYDICOM_FILES, ct
from upper_layer import CT, EXPLICIT

ROOT = pathlib.Path(__file__).resolve().parents[2]

STRICT = PLUGINS_OF_AN_ARCHIVE + """\
  application-entities:
    config:
      trusted_networks: []
  codecs:
  dimse:
    config:
      bind: 127.0.0.1
      port: ${FERMATA_DIMSE_PORT}
  http:
    config:
      port: ${FERMATA_HTTP_PORT}
  dicomweb:
  admin:
    config:
      dimse_port: ${FERMATA_DIMSE_PORT}
"""


class Api:
    def __init__(self, archive):
        self.server = urllib.parse.urlsplit(archive.url)

    def request(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.server.hostname, self.server.port, timeout=60)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, content, response.headers

    def __call__(self, method, path, body=None, status=200, **headers):
        got, content, _ = self.request(method, path, body, **headers)
        assert got == status, (got, content)
        return json.loads(content) if content else None

    def get(self, path, **parameters):
        return self("GET", path + ("?" + urllib.parse.urlencode(parameters) if parameters else ""))

    def uids(self, **parameters):
        return [study["study_instance_uid"] for study in self.get("/api/studies", **parameters)["items"]]


def eventually(condition, seconds=20):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.1)
    return value


def write(path, *args, **attributes):
    image = ct(*args, **attributes)
    image.file_meta = pydicom.dataset.FileMetaDataset()
    image.file_meta.TransferSyntaxUID = EXPLICIT
    image.file_meta.MediaStorageSOPClassUID = CT
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    image.is_little_endian, image.is_implicit_VR = True, False
    image.save_as(path, write_like_original=False)
    return path


def send(archive, *files, title="SENDER"):
    return subprocess.run(["storescu", "-aet", title, "-aec", "FERMATA", "127.0.0.1", str(archive.port), *map(str, files)],
                          capture_output=True, text=True, timeout=60)


@pytest.fixture
def api(archive):
    return Api(archive)


@pytest.fixture
def strict(make_archive, tmp_path):
    config = tmp_path / "strict.yaml"
    config.write_text(STRICT)
    running = make_archive(config=config).start()
    yield running
    assert running.stop() == 0, running.log.read_text()


def test_studies_are_listed_and_searched(archive, api, tmp_path):
    files = [write(tmp_path / "1.dcm", "1.2.1", "1.2.1.1", 1, PatientName="Müller^Jana", StudyDate="20240101"),
             write(tmp_path / "2.dcm", "1.2.2", "1.2.2.1", 1, PatientName="Doe^Jane", StudyDate="20240103"),
             write(tmp_path / "3.dcm", "1.2.3", "1.2.3.1", 1, PatientName="Doe^John", StudyDate="20240102",
                   PatientID="JAN7", StudyDescription="MR Knie")]
    assert send(archive, *files).returncode == 0
    assert api.uids() == ["1.2.2", "1.2.3", "1.2.1"]
    assert api.uids(search="jan") == ["1.2.2", "1.2.3", "1.2.1"]
    assert api.uids(search="muller") == ["1.2.1"]
    assert eventually(lambda: api.uids(search="KNIE")) == ["1.2.3"]
    assert api.uids(search="doe jane") == ["1.2.2"]
    assert api.uids(search="an") == []
    page = api.get("/api/studies", search="jan", limit=2)
    assert page["more"] and len(page["items"]) == 2
    study = api.get("/api/studies/1.2.1")
    assert study["patient_name"] == "Müller^Jana"
    assert [series["has_pixels"] for series in study["series_list"]] == [True]
    assert api("GET", "/api/studies/9.9", status=404)["detail"]
    assert api("GET", "/api/studies?limit=x", status=400)["detail"]


def test_labels_are_kept_over_a_restart(archive, api, tmp_path):
    send(archive, write(tmp_path / "1.dcm", "1.2.1", "1.2.1.1", 1))
    assert api("PUT", "/api/studies/1.2.1/labels", {"labels": ["teaching", "Überweisung"]})["labels"]
    archive.stop()
    archive.start()
    assert api.uids(label="Überweisung") == ["1.2.1"]
    assert [(i["label"], i["studies"]) for i in api.get("/api/labels")["items"]] == [("teaching", 1), ("Überweisung", 1)]
    api("PUT", "/api/studies/1.2.1/labels", {"labels": ["x" * 41]}, status=400)


def test_who_was_refused_is_admitted_and_may_send(strict, tmp_path):
    api = Api(strict)
    image = write(tmp_path / "1.dcm", "1.2.1", "1.2.1.1", 1)
    assert send(strict, image, title="CT1").returncode != 0
    (caller,) = api.get("/api/knocking")["items"]
    assert (caller["ae_title"], caller["address"]) == ("CT1", "127.0.0.1")
    assert api.get("/api/state")["knocking"] == 1
    node = api("POST", "/api/knocking/admit", {"ae_title": "CT1", "address": "127.0.0.1"}, status=201)
    assert node["rights"] == ["echo", "store"] and node["last_seen"] is None
    assert api.get("/api/knocking")["items"] == []
    assert send(strict, image, title="CT1").returncode == 0
    assert api.uids() == ["1.2.1"]
    (node,) = api.get("/api/nodes")["items"]
    assert node["last_seen"] and node["origin"] == "administrator"
    api("DELETE", "/api/nodes/CT1", status=204)
    assert send(strict, image, title="CT1").returncode != 0


def test_a_connection_is_tried_step_by_step(strict):
    api = Api(strict)
    api("PUT", "/api/nodes/SELF", {"host": "127.0.0.1", "port": strict.port, "rights": ["echo"]})
    echo = api("POST", "/api/nodes/SELF/echo")
    assert echo["ok"], echo
    assert api.get("/api/nodes")["items"][0]["last_echo"]["ok"]
    status, content, headers = api.request("POST", "/api/nodes/SELF/assistant", b"", **{"Accept-Language": "de"})
    assert status == 200 and headers["Content-Type"] == "application/x-ndjson"
    steps = {step["step"]: step for step in map(json.loads, content.decode().splitlines())}
    assert [steps[name]["state"] for name in ("tcp", "echo")] == ["ok", "ok"]
    assert steps["send"]["state"] == "skipped" and "Ausgelassen" in steps["send"]["detail"]
    api("PUT", "/api/nodes/GONE", {"host": "127.0.0.1", "port": 1})
    echo = api("POST", "/api/nodes/GONE/echo")
    assert not echo["ok"] and echo["message"]
    api("PUT", "/api/nodes/GONE", {"host": "", "rights": ["echo"]}, status=400)
    connection = api.get("/api/connection")
    assert connection["port"] == strict.port and connection["dicomweb_url"] == strict.url + "/dicom-web"
    assert connection["wado_uri"] == strict.url + "/wado"


@contextlib.contextmanager
def running(*command):
    """A program of DCMTK that listens, once it does."""
    port = free_port()
    process = subprocess.Popen([part.replace("PORT", str(port)) for part in command], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: is_open(port))
        yield port
    finally:
        process.terminate()
        process.wait(20)


def is_open(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def query_retrieve_server(folder, archive, *options, knows_us=True):
    """DCMTK's archive, which knows where ours is, or thinks that it is elsewhere."""
    store = folder / "PACS"
    store.mkdir(parents=True)
    destination = f"ours = (FERMATA, 127.0.0.1, {archive.port})" if knows_us else "ours = (OTHER, 127.0.0.1, 104)"
    (folder / "dcmqrscp.cfg").write_text(f"""
NetworkType = "tcp"
MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
{destination}
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
PACS {store} RW (10, 1024mb) ANY
AETable END
""")
    with running("dcmqrscp", *options, "--config", str(folder / "dcmqrscp.cfg"), "PORT") as port:
        yield port


def assist(api, title, send=True):
    status, content, _ = api.request("POST", f"/api/nodes/{title}/assistant", {"send": send}, **{"Content-Type": "application/json"})
    assert status == 200, content
    return {step["step"]: step for step in map(json.loads, content.decode().splitlines())}


def states(steps):
    return {name: step["state"] for name, step in steps.items()}


needs_query_retrieve_server = pytest.mark.skipif(shutil.which("dcmqrscp") is None, reason="DCMTK's tools are not installed")


@needs_query_retrieve_server
def test_a_connection_to_an_archive_is_tried_both_ways_and_leaves_nothing_here(strict, tmp_path):
    api = Api(strict)
    with query_retrieve_server(tmp_path / "qr", strict) as port:
        api("PUT", "/api/nodes/PACS", {"host": "127.0.0.1", "port": port, "rights": ["echo", "store", "query", "retrieve"]})
        steps = assist(api, "PACS")
        assert set(states(steps).values()) == {"ok"}, steps
        assert set(steps) == {"tcp", "echo", "query", "send", "move", "get", "callback", "rights"}
        assert f"PACS = 127.0.0.1:{port}" in steps["rights"]["remedy"] and "AE title FERMATA" in steps["rights"]["remedy"]
    assert api.uids() == [] and strict.objects() == [] and api.get("/api/trash")["items"] == []


@needs_query_retrieve_server
def test_what_keeps_images_from_coming_back_is_told_with_what_to_do(strict, tmp_path):
    api = Api(strict)
    with query_retrieve_server(tmp_path / "unknown", strict, knows_us=False) as port:
        api("PUT", "/api/nodes/PACS", {"host": "127.0.0.1", "port": port, "rights": ["echo", "store"]})
        steps = assist(api, "PACS")
        assert states(steps)["move"] == "failed" and states(steps)["get"] == "ok", steps
        assert f"port {strict.port}" in steps["move"]["remedy"]
        assert states(steps)["rights"] == "skipped"
    with query_retrieve_server(tmp_path / "refused", strict) as port:
        api("PUT", "/api/nodes/PACS", {"host": "127.0.0.1", "port": port, "rights": ["echo"]})
        steps = assist(api, "PACS")
        assert states(steps)["move"] == "failed" and states(steps)["rights"] == "failed", steps
    assert api.uids() == [] and strict.objects() == []


@needs_query_retrieve_server
def test_a_workstation_that_only_receives_is_told_apart_from_one_that_does_not_work(strict, tmp_path):
    api = Api(strict)
    with running("storescp", "-aet", "WORKSTATION", "-od", str(tmp_path), "PORT") as port:
        api("PUT", "/api/nodes/WORKSTATION", {"host": "127.0.0.1", "port": port, "rights": ["echo", "query", "retrieve"]})
        steps = assist(api, "WORKSTATION")
        assert states(steps) == {"tcp": "ok", "echo": "ok", "query": "skipped", "send": "ok", "move": "skipped", "get": "skipped",
                                 "callback": "skipped", "rights": "ok"}, steps
        assert len(list(tmp_path.glob("SC*"))) == 1


def test_two_archives_are_tried_both_ways(strict, make_archive, tmp_path):
    api = Api(strict)
    other_config = tmp_path / "other.yaml"
    other_config.write_text(STRICT.replace("  dimse:\n    config:\n", "  dimse:\n    config:\n      ae_title: OTHER\n"))
    other = make_archive("other", config=other_config).start()
    Api(other)("PUT", "/api/nodes/FERMATA", {"host": "127.0.0.1", "port": strict.port})
    api("PUT", "/api/nodes/OTHER", {"host": "127.0.0.1", "port": other.port})
    steps = assist(api, "OTHER")
    assert set(states(steps).values()) == {"ok"}, steps
    assert api.uids() == [] and strict.objects() == []
    assert len(other.objects()) == 1
    assert states(assist(Api(other), "FERMATA"))["callback"] == "ok"
    assert other.stop() == 0


def test_labels_go_with_a_study_that_is_deleted_over_dicomweb(archive, api, tmp_path):
    assert send(archive, write(tmp_path / "a.dcm", "1.2.1", "1.2.1.1", 1), write(tmp_path / "b.dcm", "1.2.2", "1.2.2.1", 1)).returncode == 0
    for uid in ("1.2.1", "1.2.2"):
        api("PUT", f"/api/studies/{uid}/labels", {"labels": ["teaching"]})
    api("DELETE", "/dicom-web/studies/1.2.1", status=204)
    eventually(lambda: api.get("/api/labels")["items"] == [{"label": "teaching", "studies": 1}])
    assert api.uids(label="teaching") == ["1.2.2"]


def test_a_zip_is_uploaded_and_comes_back_with_its_dicomdir(archive, api, tmp_path):
    names = ["CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "reportsi.dcm"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
        for name in names:
            z.write(PYDICOM_FILES / name, "folder/" + name)
        z.writestr("readme.txt", "hello")
    results = api("POST", "/api/upload?name=images.zip", packed.getvalue())["results"]
    assert [r["outcome"] for r in results] == ["stored"] * 4 + ["not_dicom"], results
    again = api("POST", "/api/upload?name=CT_small.dcm", (PYDICOM_FILES / names[0]).read_bytes())["results"]
    assert again[0]["outcome"] == "identical" and again[0]["file"] == "CT_small.dcm"

    for result in results[:4]:
        study = result["study_instance_uid"]
        status, content, headers = api.request("GET", f"/api/studies/{study}/download")
        assert status == 200 and headers["Content-Type"] == "application/zip"
        folder = tmp_path / study
        with zipfile.ZipFile(io.BytesIO(content)) as z:
            assert z.testzip() is None
            z.extractall(folder)
        dump = subprocess.run(["dcmdump", str(folder / "DICOMDIR")], capture_output=True, text=True, check=True)
        assert "DirectoryRecordType" in dump.stdout and not dump.stderr, dump.stderr
        instances = list(FileSet(folder / "DICOMDIR"))
        assert result["sop_instance_uid"] in [i.SOPInstanceUID for i in instances]
        for instance in instances:
            assert pathlib.Path(instance.path).is_file()
            assert instance.load().StudyInstanceUID == study
        back = api("POST", "/api/upload?name=study.zip", content)["results"]
        assert [r["outcome"] for r in back] == ["identical"] * (len(back) - 1) + ["not_dicom"], back


def test_an_upload_of_many_files_streams_its_results(archive, api, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        for number in range(300):
            z.write(write(tmp_path / "image.dcm", "1.2.1", "1.2.1.1", number + 1), f"{number}.dcm")
    results = api("POST", "/api/upload?name=many.zip", packed.getvalue())["results"]
    assert [r["file"] for r in results] == [f"{n}.dcm" for n in range(300)]
    assert {r["outcome"] for r in results} == {"stored"}
    assert api.get("/api/studies/1.2.1")["instances"] == 300


def test_the_program_tells_how_it_is(archive, api, tmp_path):
    before = api.get("/api/state")["changes"]
    send(archive, write(tmp_path / "1.dcm", "1.2.1", "1.2.1.1", 1))
    assert eventually(lambda: api.get("/api/state")["changes"] > before)
    storage = eventually(lambda: (s := api.get("/api/storage"))["days"] and s)
    assert storage["studies"] == 1 and storage["available"] > 0 and storage["newest"] == "20240102"
    health = api.get("/api/health")
    assert "admin" in [plugin["plugin"] for plugin in health["plugins"]]
    assert api.get("/api/extensions")["items"] is not None


def test_openapi_has_every_route(archive, api):
    document = api.get("/api/openapi.json")
    assert document["openapi"].startswith("3.1")
    paths = document["paths"]
    for path in ("/api/studies", "/api/nodes/{ae_title}", "/api/upload", "/dicom-web/studies", "/metrics"):
        assert path in paths, path
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert "responses" in operation, (method, path)
            named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            if path.startswith("/api/"):
                assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, (method, path)
    assert paths["/api/studies"]["get"]["x-permission"] == "studies.read"


def test_the_page_is_served_with_a_policy(archive, api):
    status, content, headers = api.request("GET", "/")
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert api.request("GET", "/api/unknown")[0] == 404
    assert api.request("GET", "/unknown.js")[0] == 404


def test_a_deleted_study_comes_back_or_goes_for_good(archive, api, tmp_path):
    send(archive, write(tmp_path / "1.dcm", "1.2.1", "1.2.1.1", 1), write(tmp_path / "2.dcm", "1.2.2", "1.2.2.1", 1))
    assert api("DELETE", "/api/studies/1.2.1")["instances"] == 1
    assert api.uids() == ["1.2.2"]
    (item,) = api.get("/api/trash")["items"]
    assert item["study_instance_uid"] == "1.2.1" and item["patient_name"] == "Doe^Jane" and item["purge_at"]
    assert api.get("/api/state")["trash"] == 1
    assert api("POST", "/api/trash/1.2.1/restore")["instances"] == 1
    assert sorted(api.uids()) == ["1.2.1", "1.2.2"]
    api("DELETE", "/api/studies/1.2.2")
    api("DELETE", "/api/trash/1.2.2", status=204)
    assert api.get("/api/trash")["items"] == [] and api.uids() == ["1.2.1"]
