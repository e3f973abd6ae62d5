"""Orthanc: this machine's, and the newer one of Debian 13, which runs in a root file system of its own."""

import functools
import json
import os
import re
import shutil
import subprocess

from server import MOVE_DESTINATION, Server

import roots  # it lies where server.py has said that ports.py is

WEB = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"
NEWER_SUITE, NEWER_PACKAGES = "trixie", ("orthanc", "orthanc-dicomweb")
# $0 is the root file system, $1 the folder of data; what is mounted goes with the process, which has the same id as the shell.
ENTER = 'mount --bind "$1" "$0/mnt"; mount -t proc proc "$0/proc"; shift; exec chroot "$0" "$@"'


def spelled(server):
    """The version and the variant of an Orthanc by its name in the results, as in ("1.12.7", ", tuned"); None for others."""
    found = re.fullmatch(r"orthanc( [\w.]+)?(,.*)?", server)
    return found and ((found[1] or "").strip(), found[2] or "")


@functools.cache
def version(program):
    said = subprocess.run([*program, "--version"], capture_output=True, text=True, check=True).stdout
    return re.match(r"Orthanc (\S+)", said)[1]


@functools.cache
def newer_root():
    """A root file system with the newer Orthanc, made the first time; None where it can't be, which is said."""
    def without(why):
        print(f"without the newer Orthanc of Debian 13: {why}", flush=True)

    if os.geteuid() != 0:
        return without("making its root file system, and running it there, takes root")
    if not shutil.which("mmdebstrap"):
        return without("mmdebstrap is not installed")
    if roots.codename() == NEWER_SUITE:
        return without("it is this machine's own Debian: install orthanc and orthanc-dicomweb")
    print(f"the newer Orthanc of Debian 13 is in {roots.kept()}: if it has to be made, that takes minutes, once", flush=True)
    try:
        return roots.root_folder(*NEWER_PACKAGES, suite=NEWER_SUITE)
    except (OSError, subprocess.SubprocessError) as error:
        return without(error)


class Orthanc(Server):
    name = "orthanc"
    variant = ""
    durability = "file synced, its index is not"
    dicom_web = "/dicom-web"
    title = "ORTHANC"
    settings = {}

    @classmethod
    def installed(cls):
        return shutil.which("Orthanc") is not None and os.path.exists(WEB)

    @classmethod
    def program(cls):
        return ("Orthanc",)

    @classmethod
    def called(cls):
        return f"orthanc {version(cls.program())}{cls.variant}"

    def write_settings(self, folder):
        """`folder` is how Orthanc sees its folder."""
        (self.folder / "orthanc.json").write_text(json.dumps({
            "Name": "peer", "StorageDirectory": folder, "IndexDirectory": folder, "DicomPort": self.port,
            "HttpPort": self.http_port, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True, "DicomAlwaysAllowGet": True,
            "DicomAlwaysAllowMove": True,
            "DicomModalities": {"destination": [MOVE_DESTINATION, "127.0.0.1", self.destination_port],
                                "load": ["LOAD", "127.0.0.1", self.destination_port]},
            "Plugins": [WEB], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}, **self.settings}))

    def command(self):
        self.write_settings(str(self.folder))
        return [*self.program(), str(self.folder / "orthanc.json")]


class OrthancTuned(Orthanc):
    name = "orthanc, tuned"
    variant = ", tuned"
    # A minute after the last object of a series the newer one begins to fill a cache of metadata, which takes a processor for
    # long: not while it is asked for something else. What has been asked for once is in that cache all the same.
    settings = {"StoreMD5ForAttachments": False, "MaximumStorageCacheSize": 1024, "DicomThreadsCount": 8,
                "HttpThreadsCount": 50, "SaveJobs": False, "StableAge": 3600}


class OrthancUnsynced(OrthancTuned):
    name = "orthanc, tuned, no sync"
    variant = ", tuned, no sync"
    durability = "nothing synced"
    settings = {**OrthancTuned.settings, "SyncStorageArea": False}


class OrthancAsItComes(Orthanc):
    name = "orthanc, as it comes"
    variant = ", as it comes"
    durability = "file synced, its index is not; TCP_NODELAY not set"
    nodelay = False


class Newer:
    """Mixed into an Orthanc: it runs in a root file system of Debian 13, and its data is where everybody's is."""

    @classmethod
    def installed(cls):
        return newer_root() is not None

    @classmethod
    def program(cls):
        return ("chroot", str(newer_root()), "Orthanc")

    def command(self):
        self.write_settings("/mnt")
        return ["unshare", "--mount", "--propagation", "private", "sh", "-euc", ENTER, str(newer_root()), str(self.folder),
                "Orthanc", "/mnt/orthanc.json"]


class NewerOrthanc(Newer, Orthanc):
    name = "newer orthanc"


class NewerOrthancTuned(Newer, OrthancTuned):
    name = "newer orthanc, tuned"


class NewerOrthancUnsynced(Newer, OrthancUnsynced):
    name = "newer orthanc, tuned, no sync"


class NewerOrthancAsItComes(Newer, OrthancAsItComes):
    name = "newer orthanc, as it comes"
