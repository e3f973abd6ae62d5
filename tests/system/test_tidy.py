"""packaging/tidy.py remembers what passed, and only as long as nothing changed that clang-tidy reads."""

import re
import shutil
import subprocess

import pytest

from conftest import ROOT

CMAKE = """
cmake_minimum_required(VERSION 3.25)
project(small CXX)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
add_library(small OBJECT host/one.cpp host/other.cpp host/tests/a_test.cpp)
"""
UNUSED = "int with_a_parameter_that_is_not_used(int unused) { return 1; }\n"


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "host" / "tests").mkdir(parents=True)
    (tmp_path / "CMakeLists.txt").write_text(CMAKE)
    shutil.copy(ROOT / ".clang-tidy", tmp_path)
    (tmp_path / "host" / "one.hpp").write_text("int one();\n")
    (tmp_path / "host" / "one.cpp").write_text('#include "one.hpp"\nint one() { return 1; }\n')
    (tmp_path / "host" / "other.cpp").write_text("int other() { return 2; }\n")
    (tmp_path / "host" / "tests" / "a_test.cpp").write_text(UNUSED)  # tests are not looked at
    run("cmake", "-S", tmp_path, "-B", tmp_path / "build" / "dev", "-G", "Ninja")
    return tmp_path


def run(*words):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    return done.returncode, done.stdout


def tidy(tree, *options):
    """Exit code, what it says, and how many sources passed before, were looked at, failed, and were left out."""
    assert run("cmake", "--build", tree / "build" / "dev")[0] == 0
    code, said = run(ROOT / "packaging" / "tidy.py", "--root", tree, *options)
    summary = re.search(r"2 sources: (\d) passed before and are unchanged, (\d) were looked at, (\d) of them failed; (\d) were left",
                        said)
    assert summary, said
    return code, said, tuple(map(int, summary.groups()))


def test_what_passed_is_looked_at_again_only_if_something_changed(tree):
    assert tidy(tree)[2] == (0, 2, 0, 0)
    assert tidy(tree)[2] == (2, 0, 0, 0)
    header = tree / "host" / "one.hpp"
    header.write_text("int one();\nint another();\n")
    assert tidy(tree)[2] == (1, 1, 0, 0)
    header.write_text("int one();\n")
    assert tidy(tree)[2] == (2, 0, 0, 0)  # that was known already
    (tree / "CMakeLists.txt").write_text(CMAKE + "target_compile_definitions(small PRIVATE SMALL)\n")
    assert tidy(tree)[2] == (0, 2, 0, 0)
    settings = tree / ".clang-tidy"
    settings.write_text("# other settings\n" + settings.read_text())
    assert tidy(tree)[2] == (0, 2, 0, 0)


def test_what_failed_fails_until_it_is_mended(tree):
    source = tree / "host" / "other.cpp"
    good = source.read_text()
    source.write_text(good + UNUSED)
    for looked_at in (2, 1):
        code, said, counts = tidy(tree)
        assert (code, counts) == (1, (2 - looked_at, looked_at, 1, 0))
        assert "other.cpp" in said and "misc-unused-parameters" in said
    source.write_text(good)
    assert tidy(tree)[::2] == (0, (1, 1, 0, 0))
    (tree / "host" / "one.hpp").write_text("inline " + UNUSED)
    code, said, counts = tidy(tree)
    assert (code, counts) == (1, (1, 1, 1, 0)) and "one.hpp" in said


def test_names_that_two_sources_have_of_their_own_are_no_finding(tree):
    for name in ("one", "other"):
        source = tree / "host" / f"{name}.cpp"
        source.write_text(f"namespace {{ constexpr int kNumber = 1; }}\nint {name}() {{ return kNumber; }}\n")
    assert tidy(tree)[::2] == (0, (0, 2, 0, 0))


def test_without_time_it_says_what_it_left_out(tree):
    code, _, counts = tidy(tree, "--seconds=0")
    assert (code, counts) == (0, (0, 0, 0, 2))
    assert tidy(tree)[2] == (0, 2, 0, 0)
