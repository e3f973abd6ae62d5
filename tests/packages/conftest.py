"""What a container's image is given, whichever program runs it."""

import os

import pytest

from machine import OWNER


@pytest.fixture
def volume(tmp_path):
    folder = tmp_path / "volume"
    folder.mkdir(mode=0o700)
    os.chown(folder, OWNER, OWNER)
    return folder
