#!/usr/bin/env python3
"""DICOMweb: Fermata beside Orthanc with its DICOMweb plugin, in turn on the same machine, so that the ratio means something.

usage: web.py [--rounds 3] [--instances 1000] [--side 256] [--build build/release]

Debian's packages orthanc and orthanc-dicomweb are the peer; without them, Fermata is measured alone. Both are given the same
new study by dcmsend. Metadata is asked for twice: the first view, and again (Orthanc keeps a cache). Every figure is the
median of the rounds in milliseconds, with the lowest and highest.
"""

import argparse
import http.client
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from pydicom.dataset import FileMetaDataset

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "system"))

from objects import ct  # noqa: E402
from stores import free_port, wait_for  # noqa: E402


def make_study(folder, run, instances, side):
    folder.mkdir()
    study = f"2.25.{run}"
    for number in range(1, instances + 1):
        image = ct(study, f"{study}.1", number, instance=f"{study}.1.{number}", side=side)
        image.ImagePositionPatient = [0, 0, number]
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.PixelSpacing = [0.5, 0.5]
        image.is_little_endian, image.is_implicit_VR = True, False
        image.file_meta = FileMetaDataset()
        image.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
        image.save_as(folder / f"{number:06}.dcm", write_like_original=False)
    return study


def fermata(folder, dicom, web, build):
    environment = {**os.environ, "FERMATA_DATA": str(folder), "FERMATA_DIMSE_PORT": str(dicom), "FERMATA_BIND": "127.0.0.1",
                   "FERMATA_ACCOUNTS": "no", "FERMATA_DISCOVERY": "no",
                   "FERMATA_HTTP_PORT": str(web)}
    return subprocess.Popen([str(build / "bin" / "fermata"), "serve", "--config", str(ROOT / "config" / "quickstart.yaml")],
                            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def orthanc(folder, dicom, web, _):
    folder.mkdir()
    plugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"
    (folder / "orthanc.json").write_text(json.dumps({
        "Name": "peer", "StorageDirectory": str(folder), "IndexDirectory": str(folder), "DicomPort": dicom, "HttpPort": web,
        "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "DicomAlwaysAllowStore": True, "Plugins": [plugin],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"}}))
    return subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], env={**os.environ, "TCP_NODELAY": "1"},
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def get(port, path, accept):
    """Milliseconds to the first byte of the body and to its end, and the number of bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    begin = time.monotonic()
    connection.request("GET", path, headers={"Accept": accept})
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {answer.read()[:300]}")
    size = len(answer.read(1))
    first = time.monotonic()
    while piece := answer.read(1 << 20):
        size += len(piece)
    end = time.monotonic()
    connection.close()
    return (first - begin) * 1000, (end - begin) * 1000, size


def measure(start, files, study, folder, build):
    dicom, web = free_port(), free_port()
    process = start(folder, dicom, web, build)
    try:
        wait_for(dicom)
        wait_for(web)
        sent = time.monotonic()
        subprocess.run(["dcmsend", "-aec", "ANY", "+sd", "127.0.0.1", str(dicom), str(files)], check=True, capture_output=True,
                       env={**os.environ, "TCP_NODELAY": "1"})
        figures = {"dcmsend of the study": (time.monotonic() - sent) * 1000}
        base = f"/dicom-web/studies/{study}"
        for name in ("first view", "again"):
            first, whole, _ = get(web, f"{base}/metadata", "application/dicom+json")
            figures[f"metadata, {name}: first byte"] = first
            figures[f"metadata, {name}: all"] = whole
        get(web, base, 'multipart/related; type="application/dicom"; transfer-syntax=*')
        first, whole, size = get(web, base, 'multipart/related; type="application/dicom"; transfer-syntax=*')
        figures["WADO-RS study: first byte"] = first
        figures["WADO-RS study: all"] = whole
        figures["WADO-RS study: MB/s"] = size / 1000 / whole
        figures["QIDO-RS study by ID"] = statistics.median(
            get(web, f"/dicom-web/studies?StudyInstanceUID={study}", "application/dicom+json")[1] for _ in range(20))
        return figures
    finally:
        process.terminate()
        process.wait()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--instances", type=int, default=1000)
    options.add_argument("--side", type=int, default=256)
    options.add_argument("--build", default=str(ROOT / "build" / "release"))
    options = options.parse_args()
    peers = {"fermata": fermata}
    if shutil.which("Orthanc"):
        peers["orthanc"] = orthanc
    work = pathlib.Path(tempfile.mkdtemp(prefix="web-", dir="."))
    seen = {peer: [] for peer in peers}
    try:
        for number in range(options.rounds):
            files = work / f"files-{number}"
            study = make_study(files, int(time.time() * 1000) + number, options.instances, options.side)
            for peer, start in peers.items():
                seen[peer].append(measure(start, files, study, (work / f"{peer}-{number}").resolve(),
                                          pathlib.Path(options.build).resolve()))
    finally:
        shutil.rmtree(work)
    print(f"{options.instances} instances of {options.side} x {options.side} pixels, {options.rounds} rounds; milliseconds")
    for name in seen["fermata"][0]:
        values = {peer: [figures[name] for figures in rounds] for peer, rounds in seen.items()}
        text = "  ".join(f"{p} {statistics.median(v):9.1f} ({min(v):.1f}-{max(v):.1f})" for p, v in values.items())
        ratio = f"  ratio {statistics.median(a / b for a, b in zip(*values.values())):.2f}" if len(values) == 2 else ""
        print(f"{name:38} {text}{ratio}")
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
