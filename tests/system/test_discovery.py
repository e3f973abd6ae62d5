"""An archive and a viewer on two machines that find each other by themselves."""

import plistlib
import subprocess
import urllib.request

import pytest
from pydicom.dataset import Dataset

from conftest import BUILD
from network import Machine, connect, end, eventually, why_not
from objects import ct_bytes
from test_osirix import GET_CONTEXTS, SEND_CONTEXTS
from upper_layer import C_GET, CT, EXPLICIT, STUDY_ROOT_GET, Association

REASON = why_not()
pytestmark = pytest.mark.skipif(bool(REASON), reason=str(REASON))

DIMSE_PORT = 11112
HTTP_PORT = 8080
VIEWER_PORT = 4242  # none that anybody would guess

# Discovery gives no rights: what a viewer may do without being named is up to trusted_networks, which hold the network
# between the two machines here.
CONFIGURATION = f"""
plugins:
  storage-filesystem:
    config:
      root: "${{FERMATA_DATA}}/blobs"
  index-rocksdb:
    config:
      path: "${{FERMATA_DATA}}/index"
  archive:
  application-entities:
    config:
      trusted_networks: [10.99.0.0/24]
  dimse:
    config:
      bind: 0.0.0.0
      port: {DIMSE_PORT}
  http:
    config:
      bind: 0.0.0.0
      port: {HTTP_PORT}
  discovery:
    config:
      description: Practice & Partners
"""


class Server:
    """The archive on a machine of its own."""

    def __init__(self, machine, folder):
        self.machine = machine
        self.folder = folder
        self.log = folder / "log.txt"
        (folder / "config.yaml").write_text(CONFIGURATION)
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.machine.command("env", f"FERMATA_DATA={self.folder}/data", BUILD / "bin" / "fermata", "serve",
                                     "--config", self.folder / "config.yaml"), stdout=log, stderr=log)
        self.machine.processes.append(self.process)
        self.logs("listening for HTTP")
        return self

    def logs(self, *texts, times=1):
        def found():
            assert self.process.poll() is None, self.log.read_text()
            return sum(all(t in line for t in texts) for line in self.log.read_text().splitlines()) >= times
        eventually(found, what=lambda: f"{texts} in\n{self.log.read_text()}")


@pytest.fixture
def machines(tmp_path):
    """The archive's and the viewer's, with a cable between them, and nothing that runs on them."""
    with Machine("pacs", "10.99.0.1", tmp_path) as pacs, Machine("mac", "10.99.0.2", tmp_path) as mac:
        connect(pacs, mac)
        yield pacs, mac


@pytest.fixture
def server(machines, tmp_path):
    return Server(machines[0], tmp_path)


def start_daemons(*machines):
    for machine in machines:
        machine.start_bus()
        machine.start_avahi()


def publish_viewer(mac, name="HOROS", port=VIEWER_PORT):
    """As Horos does."""
    return mac.start("avahi-publish", "-s", name, "_dicom._tcp", port, "serverDescription=John's Mac", "AETitle=" + name,
                     "UID=0123", "CGET=YES", "preferredSyntax=LittleEndianExplicit")


def study(uid):
    identifier = Dataset()
    identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", uid
    return identifier


def move(mac, calling, destination, uid):
    return mac.run("movescu", "-v", "-S", "-aet", calling, "-aec", "FERMATA", "-aem", destination, "10.99.0.1", DIMSE_PORT,
                   "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={uid}", check=False)


def test_a_viewer_and_the_archive_find_each_other(machines, server, tmp_path):
    pacs, mac = machines
    start_daemons(pacs, mac)
    server.start()

    # The viewer sees the archive, and takes all that it needs from there.
    host, address, port, txt = eventually(lambda: mac.services().get("FERMATA"))
    assert (host, address, port) == ("pacs.local", "10.99.0.1", DIMSE_PORT)
    assert txt == {"serverDescription": "Practice & Partners", "AETitle": "FERMATA", "CGET": "YES",
                   "preferredSyntax": "LittleEndianImplicit"}
    uid, data = ct_bytes("1.2.10", "1.2.10.1", 1)

    def send_and_get():
        with Association(port, SEND_CONTEXTS, host=address, calling="HOROS", called="FERMATA") as a:
            assert a.store(a.context(CT, EXPLICIT), CT, uid, data).Status == 0
        got = []
        with Association(port, GET_CONTEXTS, host=address, calling="HOROS", called="FERMATA") as a:
            assert a.retrieve(C_GET, STUDY_ROOT_GET, study("1.2.10"), on_store=lambda c, m, d: got.append(d)).Status == 0
        return got

    assert mac.inside(send_and_get) == [data]

    # The archive sees the viewer, and sends to it where it says that it is: for another caller, and for itself.
    assert move(mac, "WORKSTATION", "HOROS", "1.2.10").returncode != 0
    viewer = publish_viewer(mac)
    server.logs("a station is on the local network", "HOROS", "10.99.0.2", str(VIEWER_PORT))
    received = tmp_path / "received"
    for calling in ("WORKSTATION", "HOROS"):
        received.mkdir(exist_ok=True)
        listener = mac.start("storescp", "-od", received, VIEWER_PORT)
        eventually(lambda: f":{VIEWER_PORT} " in mac.run("ss", "-ltn").stdout)
        done = move(mac, calling, "HOROS", "1.2.10")
        assert "Received Final Move Response (Success)" in done.stdout + done.stderr
        file, = received.iterdir()
        file.unlink()
        end(listener)

    # Both say goodbye.
    end(viewer)
    server.logs("a station left the local network", "HOROS")
    assert move(mac, "WORKSTATION", "HOROS", "1.2.10").returncode != 0
    assert end(server.process) == 0
    eventually(lambda: "FERMATA" not in mac.services(), seconds=10, what="a goodbye")
    # It never took itself for another station.
    assert not [line for line in server.log.read_text().splitlines() if "a station is" in line and "10.99.0.1" in line]


def test_the_node_list_is_a_property_list_for_viewers(machines, server):
    pacs, mac = machines
    server.start()
    url = f"http://10.99.0.1:{HTTP_PORT}/DICOMNodes.plist"
    node, = plistlib.loads(mac.inside(lambda: urllib.request.urlopen(url, timeout=30).read()))
    assert node == {"Activated": True, "Address": "10.99.0.1", "AETitle": "FERMATA", "Port": str(DIMSE_PORT),
                    "Description": "Practice & Partners", "QR": True, "Send": True, "retrieveMode": 1,
                    "TransferSyntax": 0, "WADOPort": HTTP_PORT, "WADOUrl": "wado", "WADOhttps": 0,
                    "WADOTransferSyntax": -1, "TLSEnabled": False, "TLSAuthenticated": False}


def test_an_archive_whose_name_is_taken_is_announced_by_another(machines, server):
    pacs, mac = machines
    start_daemons(pacs, mac)
    publish_viewer(pacs, "FERMATA")
    eventually(lambda: "FERMATA" in mac.services())
    server.start()
    _, address, port, txt = eventually(lambda: mac.services().get("FERMATA-2"))
    assert (address, port, txt["AETitle"]) == ("10.99.0.1", DIMSE_PORT, "FERMATA")
    server.logs("warning", "another station", "announced=FERMATA-2")
    server.logs("a station is on the local network", "FERMATA", "10.99.0.1", str(VIEWER_PORT))


def test_of_two_archives_with_one_name_one_gives_way(machines, tmp_path):
    """Which one is up to their daemons."""
    pacs, mac = machines
    start_daemons(pacs, mac)
    for machine in machines:
        folder = tmp_path / f"archive-{machine.name}"
        folder.mkdir()
        Server(machine, folder).start()

    def both():
        found = mac.services()
        return found if set(found) == {"FERMATA", "FERMATA-2"} else None

    found = eventually(both)
    assert {address for _, address, _, _ in found.values()} == {"10.99.0.1", "10.99.0.2"}
    assert {txt["AETitle"] for _, _, _, txt in found.values()} == {"FERMATA"}


def test_an_archive_joins_when_avahi_comes_and_again_after_it_was_restarted(machines, server):
    pacs, mac = machines
    start_daemons(mac)
    server.start()
    server.logs("apt-get install avahi-daemon")
    start_daemons(pacs)
    eventually(lambda: "FERMATA" in mac.services())
    end(pacs.avahi)
    server.logs("avahi-daemon is not running")
    pacs.start_avahi()
    server.logs("the archive is announced on the local network", times=2)
    eventually(lambda: "FERMATA" in mac.services())
    publish_viewer(mac)
    server.logs("a station is on the local network", "HOROS")
