#!/usr/bin/env python3
"""Tests the blob store on a real ext4 that is shut down without writing what it holds in memory, as a crash would.

Makes an ext4 in a file, mounts it in a mount namespace of its own, runs blob_writer on it, and shuts it down in full
run with FS_IOC_SHUTDOWN. Needs root, loop devices and e2fsprogs; where it has not got them it exits with 77: skipped.
Shows what the kernel's journal does. Does not show what a device does with its write cache, nor what an ext4 without a
journal loses: its changes are the block device's already, and those are written at unmounting.
"""

import fcntl
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import blob_faults

PROGRAMS = os.environ["FERMATA_FAULT_PROGRAMS"]
ROUNDS = int(os.environ.get("FERMATA_FAULT_ROUNDS", "2"))
SHUTDOWN = 0x8004587D  # FS_IOC_SHUTDOWN
WITHOUT_FLUSHING_THE_LOG = 2


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Ext4:
    """An ext4 in a file, with or without a journal."""

    def __init__(self, folder, journal):
        self.image, self.mount_point = os.path.join(folder, "image"), os.path.join(folder, "mount")
        os.mkdir(self.mount_point)
        with open(self.image, "wb") as image:
            image.truncate(512 << 20)
        run("mkfs.ext4", "-q", "-F", "-O", "has_journal" if journal else "^has_journal", self.image)
        self.mount()

    def mount(self):
        run("mount", "-o", "loop", self.image, self.mount_point)

    def unmount(self):
        run("umount", self.mount_point)

    def crash(self):
        top = os.open(self.mount_point, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.ioctl(top, SHUTDOWN, struct.pack("I", WITHOUT_FLUSHING_THE_LOG))
        os.close(top)

    def recover(self):
        self.unmount()
        checked = subprocess.run(["e2fsck", "-f", "-y", self.image], check=False, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        if checked.returncode > 1:
            raise RuntimeError("e2fsck failed")
        self.mount()


class Ext4ShutdownTest(unittest.TestCase):
    def crash(self, journal, durability, *of_our_own):
        """What durability the store chose, and what is wrong after the crash."""
        folder = tempfile.mkdtemp(prefix="fermata-ext4-")
        self.addCleanup(shutil.rmtree, folder)
        ext4 = Ext4(folder, journal)
        try:
            with open(os.path.join(folder, "acknowledged"), "w+", encoding="ascii") as acknowledged:
                writer = subprocess.Popen([os.path.join(PROGRAMS, "blob_writer"),
                                           os.path.join(ext4.mount_point, "data"), durability, "6", *of_our_own],
                                          stdout=acknowledged, stderr=subprocess.DEVNULL)
                self.wait_for_lines(acknowledged.name, random.randint(60, 300), writer)
                ext4.crash()
                writer.kill()  # if its first error has not ended it
                writer.wait()
                acknowledged.seek(0)
                lines = acknowledged.read().splitlines()
            ext4.recover()
            data = os.path.join(ext4.mount_point, "data")
            run(os.path.join(PROGRAMS, "blob_writer"), data, durability, "0", *of_our_own)
            faults, kept = blob_faults.find(lines, data)
            self.assertGreater(kept, 10)
            return lines[0].split(" ")[1], faults
        finally:
            ext4.unmount()

    def wait_for_lines(self, path, count, writer):
        """A number of lines and not a time: a fast machine would fill the file system meanwhile."""
        for _ in range(6000):
            self.assertIsNone(writer.poll(), "the writer ended by itself")
            with open(path, encoding="ascii") as lines:
                if sum(1 for _ in lines) >= count:
                    return
            time.sleep(0.01)
        self.fail(f"the writer has not acknowledged {count} times in a minute")

    def check(self, durability, *of_our_own):
        for _ in range(ROUNDS):
            self.assertEqual(self.crash(True, durability, *of_our_own), (durability, []))

    def test_ordered_durability_survives(self):
        self.check("ordered")

    def test_strict_durability_survives(self):
        self.check("strict")

    def test_small_blobs_in_a_journal_of_our_own_survive(self):
        self.check("ordered", "16384")
        self.check("strict", "16384")

    def test_no_durability_is_caught(self):
        _, faults = self.crash(True, "none")
        self.assertNotEqual(faults, [])

    def test_ordered_is_chosen_with_a_journal_and_strict_without(self):
        self.assertEqual(self.crash(True, "automatic")[0], "ordered")
        self.assertEqual(self.crash(False, "automatic")[0], "strict")


def possible():
    try:
        with tempfile.TemporaryDirectory() as folder:
            ext4 = Ext4(folder, True)
            ext4.unmount()
        return True
    except (OSError, subprocess.CalledProcessError):
        return False


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if os.environ.get("FERMATA_FAULT_NAMESPACE") is None and shutil.which("unshare"):
        os.environ["FERMATA_FAULT_NAMESPACE"] = "own"
        os.execvp("unshare", ["unshare", "--mount", sys.executable] + sys.argv)
    if not possible():
        sys.exit(77)
    unittest.main()
