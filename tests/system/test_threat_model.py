"""The threat model names tests: they exist, and every table of threats names some in each line."""

import re

from conftest import ROOT

PAGE = ROOT / "docs" / "threat-model.md"


def named_tests():
    return re.findall(r"`([\w/.-]+\.(?:py|cpp))::([^`]+)`", PAGE.read_text())


def test_every_test_that_the_threat_model_names_exists():
    named = named_tests()
    assert len(named) > 40
    missing = []
    for file, name in named:
        text = (ROOT / file).read_text() if (ROOT / file).exists() else ""
        wanted = f"def {name}(" if file.endswith(".py") else f'TEST_CASE("{name}"'
        missing += [] if wanted in text.replace('"\n          "', "") else [f"{file}::{name}"]
    assert not missing


def test_every_threat_names_a_test():
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and not line.startswith("| threat |")]
    assert len(lines) > 30
    assert not [line for line in lines if "::" not in line.split(" | ")[-1]]
