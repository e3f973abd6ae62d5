"""The programs that are measured, each with its settings.

`durability` says what an answer means; it is printed beside every figure. DCMTK, and with it Orthanc of Debian 12, waits
44 ms for each answer unless the environment says TCP_NODELAY=1: they get it, and are shown as they come, too.
"""

import os
import pathlib
import shutil

from orthanc import (NewerOrthanc, NewerOrthancAsItComes, NewerOrthancTuned, NewerOrthancUnsynced, Orthanc, OrthancAsItComes,
                     OrthancTuned, OrthancUnsynced)
from server import MOVE_DESTINATION, ROOT, Server


class Fermata(Server):
    name = "fermata"
    durability = "object and name synced before the answer"
    dicom_web = "/dicom-web"
    title = "FERMATA"
    build = ROOT / "build" / "release"

    @classmethod
    def installed(cls):
        return (cls.build / "bin" / "fermata").exists()

    def environment(self):
        return {**super().environment(), "FERMATA_DATA": str(self.folder), "FERMATA_DIMSE_PORT": str(self.port),
                "FERMATA_HTTP_PORT": str(self.http_port), "FERMATA_BIND": "127.0.0.1", "FERMATA_HTTP_BIND": "127.0.0.1",
                "FERMATA_ACCOUNTS": "no", "FERMATA_DISCOVERY": "no",
                "FERMATA_NODES": f"{MOVE_DESTINATION}@127.0.0.1:{self.destination_port}"}

    def command(self, verb="serve"):
        return [str(self.build / "bin" / "fermata"), verb, "--config", str(ROOT / "config" / "quickstart.yaml")]


class Storescp(Server):
    name = "storescp"
    durability = "nothing synced"

    @classmethod
    def installed(cls):
        return shutil.which("storescp") is not None

    def command(self):
        (self.folder / "objects").mkdir(exist_ok=True)
        return ["storescp", "--fork", "-pdu", "131072", "-od", str(self.folder / "objects"), str(self.port)]


class StorescpAsItComes(Storescp):
    name = "storescp, as it comes"
    durability = "nothing synced; TCP_NODELAY not set"
    nodelay = False


class Dcmqrscp(Server):
    name = "dcmqrscp"
    durability = "nothing synced"
    title = "QR"

    @classmethod
    def installed(cls):
        return shutil.which("dcmqrscp") is not None

    def command(self):
        objects = self.folder / "objects"
        objects.mkdir(exist_ok=True)
        (self.folder / "dcmqrscp.cfg").write_text(
            f"NetworkTCPPort = {self.port}\nMaxPDUSize = 131072\nMaxAssociations = 32\n"
            f"HostTable BEGIN\ndestination = ({MOVE_DESTINATION}, 127.0.0.1, {self.destination_port})\nHostTable END\n"
            "VendorTable BEGIN\nVendorTable END\n"
            f"AETable BEGIN\n{self.title} {objects} RW (100000, 100gb) ANY\nAETable END\n")
        return ["dcmqrscp", "--config", str(self.folder / "dcmqrscp.cfg"), "--log-level", "error"]


class Sink(Server):
    """The limit of the machine: bytes from a socket into files."""
    programs = ROOT / "build" / "release" / "bin"
    sync = "folder"
    name = "raw sink, file and name synced"
    durability = "file and name synced"

    def command(self):
        (self.folder / "objects").mkdir(exist_ok=True)
        return [str(self.programs / "sink"), str(self.port), str(self.folder / "objects"), self.sync]


class SinkFile(Sink):
    sync = "file"
    name = "raw sink, file synced"
    durability = "file synced, its name is not"


class SinkUnsynced(Sink):
    sync = "none"
    name = "raw sink, no sync"
    durability = "nothing synced"


ALL = [Fermata, Orthanc, NewerOrthanc, OrthancTuned, NewerOrthancTuned, OrthancUnsynced, NewerOrthancUnsynced,
       OrthancAsItComes, NewerOrthancAsItComes, Storescp, StorescpAsItComes, Dcmqrscp, Sink, SinkFile, SinkUnsynced]
