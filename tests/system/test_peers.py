"""Other people's DICOM: dcmjs-dimse (npm), and GDCM on the stored files."""

import json
import pathlib
import shutil
import subprocess

import pydicom
import pytest

from objects import valid_part10_files

PEERS = pathlib.Path(__file__).parent / "peers"
CT_SMALL = next(p for p in valid_part10_files()[0] if p.name == "CT_small.dcm")


def test_dcmjs_dimse_echoes_stores_finds_and_gets(archive):
    if shutil.which("node") is None or not (PEERS / "node_modules" / "dcmjs-dimse").is_dir():
        pytest.skip("dcmjs-dimse is not installed: run npm ci in tests/system/peers")
    ct = pydicom.dcmread(CT_SMALL)
    done = subprocess.run(["node", str(PEERS / "dcmjs_peer.cjs"), str(archive.port), str(CT_SMALL), ct.StudyInstanceUID],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["echo"], result["store"], result["get"]) == (0, 0, 0)
    assert [f["StudyInstanceUID"] for f in result["found"]] == [ct.StudyInstanceUID]
    assert str(result["found"][0]["NumberOfStudyRelatedInstances"]) == "1"
    assert result["got"] == [ct.SOPInstanceUID]


def test_gdcm_reads_the_stored_files_as_they_lie_on_the_disk(archive):
    """Without Fermata the data is plain DICOM files. (GDCM's own network client, gdcmscu, ends with an exception in Debian
    12, whoever it calls.)"""
    if shutil.which("gdcminfo") is None:
        pytest.skip("gdcminfo is not installed (libgdcm-tools)")
    subprocess.run(["storescu", "-aec", "FERMATA", "127.0.0.1", str(archive.port), str(CT_SMALL)], check=True, timeout=60)
    stored, = archive.objects()
    info = subprocess.run(["gdcminfo", "--md5sum", str(stored)], capture_output=True, text=True, timeout=60)
    assert info.returncode == 0, info.stdout + info.stderr
    original = subprocess.run(["gdcminfo", "--md5sum", str(CT_SMALL)], capture_output=True, text=True, timeout=60)
    checksum = [line for line in info.stdout.splitlines() if "md5sum" in line]
    assert checksum and checksum == [line for line in original.stdout.splitlines() if "md5sum" in line]
