"""What a container's image is given, whichever program runs it."""

import os
import sys

import pytest

from machine import OWNER, ROOT

sys.path.append(str(ROOT / "tests"))  # for ports.py


@pytest.fixture
def volume(tmp_path):
    folder = tmp_path / "volume"
    folder.mkdir(mode=0o700)
    os.chown(folder, OWNER, OWNER)
    return folder
