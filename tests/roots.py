"""Root file systems of Debian, made once from this machine's mirror and kept for many runs. It takes root, and mmdebstrap."""

import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]


def codename():
    """Of this machine's Debian."""
    return re.search(r"^VERSION_CODENAME=(\w+)", pathlib.Path("/etc/os-release").read_text(), re.M)[1]


def kept():
    """What is fetched once for many runs: roots, and packages of Debian."""
    folder = pathlib.Path(os.environ.get("FERMATA_ROOTS", ROOT / "build" / "roots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def made(place, part, suite, packages):
    """`place`, which is made as `part` first, so that what breaks off is never taken for whole."""
    if not place.exists():
        include = [f"--include={','.join(packages)}"] if packages else []
        done = subprocess.run([ROOT / "packaging" / "root-file-system.sh", suite, part, *include], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=1800)
        if done.returncode != 0:
            raise OSError(f"a root file system of {suite} could not be made:\n{done.stdout}")
        part.rename(place)
    return place


def root_archive(*packages, suite):
    """A root file system in a tar file."""
    tar = kept() / f"{'-'.join([suite, *packages])}.tar"
    return made(tar, tar.with_suffix(".part.tar"), suite, packages)


def root_folder(*packages, suite):
    """A root file system as a folder, whose programs run by chroot. Nobody changes it."""
    folder = kept() / "-".join([suite, *packages])
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    return made(folder, part, suite, packages)


def fresh_root(folder, *packages, suite):
    """A new root file system, to be changed."""
    folder.mkdir()
    subprocess.run(["tar", "-C", folder, "-xpf", root_archive(*packages, suite=suite)], check=True)
    return folder
