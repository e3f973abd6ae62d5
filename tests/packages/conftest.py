"""What a container's image is given, whichever program runs it."""

import os
import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))  # for ports.py and roots.py

from machine import OWNER  # noqa: E402


@pytest.fixture
def volume(tmp_path):
    folder = tmp_path / "volume"
    folder.mkdir(mode=0o700)
    os.chown(folder, OWNER, OWNER)
    return folder
