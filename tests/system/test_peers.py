"""Other people's DICOM: dcmjs-dimse (npm) and GDCM's command line, with what they negotiate by themselves."""

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


def test_gdcm_echoes_stores_and_finds(archive):
    if shutil.which("gdcmscu") is None:
        pytest.skip("gdcmscu is not installed (libgdcm-tools)")
    ct = pydicom.dcmread(CT_SMALL)

    def gdcm(*arguments):
        done = subprocess.run(["gdcmscu", *arguments, "--aetitle", "GDCM", "--call", "FERMATA", "127.0.0.1", str(archive.port)],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    gdcm("--echo")
    gdcm("--store", "-i", str(CT_SMALL))
    assert len(archive.objects()) == 1
    found = gdcm("--find", "--studyroot", "--study", "--key", "20,d=", "--key", f"10,20={ct.PatientID}", "-V")
    assert str(ct.StudyInstanceUID) in found
