"""What the compiler was told to do against the use of defects: seen in what was built."""

import re
import subprocess

import pytest

from conftest import BUILD

CACHE = (BUILD / "CMakeCache.txt").read_text()
RELEASE = "CMAKE_BUILD_TYPE:STRING=Release" in CACHE
pytestmark = pytest.mark.skipif("FERMATA_SANITIZE:STRING=\n" not in CACHE, reason="sanitizers bring their own")


def files():
    return [BUILD / "bin" / "fermata", *sorted((BUILD / "lib" / "fermata" / "plugins").glob("*.so"))]


def readelf(file, *options):
    return subprocess.run(["readelf", "--wide", *options, str(file)], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_program_and_plugins_are_hardened(file):
    header, segments, dynamic = readelf(file, "-h"), readelf(file, "-l"), readelf(file, "-d")
    assert re.search(r"Type:\s+DYN", header), "position independent"
    assert "GNU_RELRO" in segments and re.search(r"FLAGS.*(BIND_NOW|NOW)", dynamic), "full RELRO"
    stack, = re.findall(r"GNU_STACK.*", segments)
    assert "RWE" not in stack, "no executable stack"
    assert not re.search(r"LOAD.* RWE ", segments), "nothing that can be written can be run"
    assert "RPATH" not in dynamic and "TEXTREL" not in dynamic
    symbols = readelf(file, "--dyn-syms")
    assert "__stack_chk_fail" in symbols, "stack protector"


@pytest.mark.skipif(not RELEASE, reason="the quick build leaves them out")
def test_a_release_checks_the_size_of_buffers():
    symbols = "".join(readelf(file, "--dyn-syms") for file in files())
    assert re.search(r"__(memcpy|memmove|snprintf|read|vsnprintf)_chk", symbols), "_FORTIFY_SOURCE"
