"""What a build is made of, as packaging/sbom.py says: nothing that is loaded is missing, and versions are what is installed."""

import functools
import json
import os
import re
import subprocess

import pytest

from conftest import BUILD, ROOT


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    path = tmp_path_factory.mktemp("sbom") / "sbom.json"
    subprocess.run([str(ROOT / "packaging" / "sbom.py"), str(BUILD), str(path)], check=True, timeout=300)
    return json.loads(path.read_text())


def components(document):
    return {component["bom-ref"]: component for component in document["components"]}


@functools.cache
def package_that_owns(library):
    for name in (library, library.removeprefix("/usr")):
        done = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    return None


def test_every_library_that_is_loaded_is_in_the_list(document):
    known, needed = components(document), set()
    files = [BUILD / "bin" / "fermata", *(BUILD / "lib" / "fermata" / "plugins").glob("*.so")]
    for file in files:
        name = file.stem
        listed = subprocess.run(["ldd", str(file)], check=True, capture_output=True, text=True).stdout
        used, = [d["dependsOn"] for d in document["dependencies"] if d["ref"] == f"part:{name}"]
        for library in set(re.findall(r"=> (/\S+)", listed)):
            package = package_that_owns(os.path.realpath(library))
            if package:
                assert f"deb:{package}" in used, (name, library)
                needed.add(package)
    assert len(needed) > 20
    for package in needed:
        version = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}\n", package], check=True,
                                 capture_output=True, text=True).stdout.splitlines()[0]
        assert known[f"deb:{package}"]["version"] == version


def test_headers_and_web_pages_count_too(document):
    known = components(document)
    assert "deb:libboost1.81-dev" in known and "deb:catch2" not in known
    for name in ("react", "react-dom", "@ohif/app"):
        found, = [c for c in known.values() if c["bom-ref"].startswith(f"npm:{name}@")]
        assert found["hashes"][0]["alg"] == "SHA-512" and len(found["hashes"][0]["content"]) == 128
        assert found["purl"] == f"pkg:npm/{name.replace('@', '%40')}@{found['version']}"
    assert not [c for c in known if c.startswith(("npm:vite@", "npm:typescript@"))]  # they build the page


def test_it_is_a_sound_cyclonedx_document(document):
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document["serialNumber"])
    references = [component["bom-ref"] for component in document["components"]]
    assert len(references) == len(set(references))
    known = {*references, document["metadata"]["component"]["bom-ref"]}
    for dependency in document["dependencies"]:
        assert {dependency["ref"], *dependency["dependsOn"]} <= known
    root, = [d for d in document["dependencies"] if d["ref"] == document["metadata"]["component"]["bom-ref"]]
    assert "part:fermata" in root["dependsOn"] and "part:dimse" in root["dependsOn"]
