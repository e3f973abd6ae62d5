#!/usr/bin/env python3
"""Tests the recorder and power_cut.py by themselves, then the blob store and RocksDB with them.

The programs' folder is given in FERMATA_FAULT_PROGRAMS (CTest does). FERMATA_FAULT_ROUNDS: kills per case, default 2.
"""

import os
import random
import shutil
import subprocess
import tempfile
import time
import unittest

import blob_faults
import power_cut

PROGRAMS = os.environ["FERMATA_FAULT_PROGRAMS"]
ROUNDS = int(os.environ.get("FERMATA_FAULT_ROUNDS", "2"))


class PowerCutTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="fermata-power-cut-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.number = 0

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def new_recording(self):
        """A new folder for a recording; the environment that makes a program write it."""
        self.number += 1
        self.root, self.log = self.path(f"root{self.number}"), self.path(f"log{self.number}")
        os.mkdir(self.root)
        os.mkdir(self.log)
        return {**os.environ, "LD_PRELOAD": os.path.join(PROGRAMS, "unsynced_recorder.so"),
                "FERMATA_FAULT_ROOT": self.root, "FERMATA_FAULT_LOG": self.log}

    def after_power_cut(self, model, seed=None):
        self.number += 1
        out = self.path(f"cut{self.number}")
        power_cut.cut(self.log, model, out, seed)
        return out

    def run_until_killed(self, program, *arguments):
        """The lines that the program printed before it was killed. ROOT in its arguments is the recorded folder."""
        environment = self.new_recording()
        command = [os.path.join(PROGRAMS, program)] + [word.replace("ROOT", self.root) for word in arguments]
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(command, env=environment, stdout=output)
            end = time.monotonic() + 60
            while os.fstat(output.fileno()).st_size < 100:  # it is under way, however busy the machine is
                self.assertIsNone(process.poll(), "the program ended by itself")
                self.assertLess(time.monotonic(), end)
                time.sleep(0.02)
            time.sleep(random.uniform(0.3, 1.1))
            self.assertIsNone(process.poll(), "the program ended by itself")
            process.kill()
            process.wait()
            output.seek(0)
            printed = output.read()
        return printed[:printed.rfind("\n") + 1].splitlines()

    def run_to_its_end(self, program, *arguments):
        """The same for a program that ends by itself."""
        environment = self.new_recording()
        command = [os.path.join(PROGRAMS, program)] + [word.replace("ROOT", self.root) for word in arguments]
        return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()

    def cuts(self, *models):
        """Folders after a power cut: the worst case of each model, and a few others."""
        for model in models:
            for seed in (None, 1, 2, 3):
                out = self.after_power_cut(model, seed)
                yield f"model {model}, survivors {seed}", out
                shutil.rmtree(out)


class ModelTest(PowerCutTest):
    """What survives after each list of steps. A file is shown with its length, a folder with a slash."""

    def tree(self, folder):
        found = {}
        for path, folders, files in os.walk(folder):
            inside = os.path.relpath(path, folder)
            for name in folders:
                found[os.path.normpath(os.path.join(inside, name)) + "/"] = None
            for name in files:
                found[os.path.normpath(os.path.join(inside, name))] = os.path.getsize(os.path.join(path, name))
        return found

    def survivors(self, steps, before=None):
        environment = self.new_recording()
        for name, size in (before or {}).items():
            with open(os.path.join(self.root, name), "wb") as file:
                file.write(b"b" * size)
        steps = "\n".join(step.strip() for step in steps.split(","))
        done = subprocess.run([os.path.join(PROGRAMS, "file_steps")], input=steps, text=True, cwd=self.root,
                              env=environment, capture_output=True)
        self.assertEqual(done.returncode, -9, done.stderr)
        return self.tree(self.after_power_cut("posix")), self.tree(self.after_power_cut("journal"))

    def check(self, steps, posix, journal, before=None):
        self.assertEqual(self.survivors(steps, before), (posix, journal), steps)

    def test_nothing_survives_that_was_not_synced(self):
        self.check("write a 100, mkdir d, write d/b 5, stream c 7", {}, {})

    def test_what_was_there_before_survives(self):
        self.check("write a 100", {"a": 10}, {"a": 10}, before={"a": 10})

    def test_a_synced_file_needs_its_name_synced_only_without_a_journal(self):
        self.check("write a 100, fsync a", {}, {"a": 100})
        self.check("write a 100, fdatasync a", {}, {"a": 100})
        self.check("write a 100, fsync a, fsync .", {"a": 100}, {"a": 100})

    def test_a_name_alone_has_no_content(self):
        self.check("write a 100, fsync .", {"a": 0}, {"a": 0})

    def test_what_was_appended_after_the_sync_is_cut_off(self):
        self.check("write a 100, fsync ., fsync a, write a 50", {"a": 100}, {"a": 100})

    def test_an_unsynced_removal_is_undone(self):
        self.check("write a 100, fsync a, fsync ., unlink a", {"a": 100}, {"a": 100})
        self.check("write a 100, fsync a, fsync ., unlink a, fsync .", {}, {})

    def test_an_unsynced_rename_is_undone(self):
        self.check("write a 9, fsync a, fsync ., rename a b", {"a": 9}, {"a": 9})
        self.check("write a 9, fsync a, fsync ., rename a b, fsync .", {"b": 9}, {"b": 9})

    def test_without_a_journal_a_rename_between_folders_may_lose_or_double_the_file(self):
        start = "mkdir d, mkdir e, fsync ., write d/a 9, fsync d/a, fsync d, rename d/a e/a, "
        self.check(start + "fsync d", {"d/": None, "e/": None}, {"d/": None, "e/": None, "e/a": 9})
        self.check(start + "fsync e", {"d/": None, "d/a": 9, "e/": None, "e/a": 9},
                   {"d/": None, "e/": None, "e/a": 9})

    def test_a_replaced_file_comes_back(self):
        self.check("write a 9, fsync a, fsync ., write b 5, fsync b, rename b a", {"a": 9}, {"a": 9, "b": 5})

    def test_written_back_data_counts_with_a_later_commit_of_the_journal_only(self):
        self.check("write a 100, writeback a", {}, {})
        self.check("write a 100, writeback a, rename a b, fsync .", {"b": 0}, {"b": 100})
        self.check("write a 100, rename a b, fsync ., writeback b", {"b": 0}, {"b": 0})

    def test_a_sync_without_a_change_commits_nothing(self):
        # The folder's last change, and with it the commit, may be older than the file.
        self.check("mkdir d, fsync ., write a 9, writeback a, fsync d", {"d/": None}, {"d/": None})
        self.check("mkdir d, fsync ., write a 9, writeback a, touch d, fsync d", {"d/": None}, {"d/": None, "a": 9})

    def test_fdatasync_does_not_wait_for_a_new_name(self):
        self.check("write a 9, fsync a, fsync ., rename a b, fdatasync b", {"a": 9}, {"a": 9})
        self.check("write a 9, fsync a, fsync ., rename a b, fsync b", {"a": 9}, {"b": 9})

    def test_a_folder_needs_its_own_name(self):
        self.check("mkdir d, write d/a 9, fsync d/a, fsync d", {}, {"d/": None, "d/a": 9})

    def test_a_sync_of_everything(self):
        self.check("mkdir d, write d/a 9, stream b 7, syncfs ., unlink b", {"d/": None, "d/a": 9, "b": 7},
                   {"d/": None, "d/a": 9, "b": 7})

    def test_links_and_cuts(self):
        self.check("write a 9, fsync a, link a b, fsync ., truncate a 4", {"a": 4, "b": 4}, {"a": 4, "b": 4})

    def test_a_folder_made_again_is_another(self):
        self.check("mkdir d, write d/a 9, fsync d/a, fsync d, fsync ., unlink d/a, rmdir d, mkdir d, fsync .",
                   {"d/": None}, {"d/": None})

    def content(self, steps, model, seed=None):
        """Of the file a, as one letter for each sector that has one, with its count."""
        environment = self.new_recording()
        subprocess.run([os.path.join(PROGRAMS, "file_steps")], input=steps.replace(", ", "\n"), text=True, cwd=self.root,
                       env=environment, check=False)
        with open(os.path.join(self.after_power_cut(model, seed), "a"), "rb") as file:
            data = file.read()
        return "".join(chr(data[at]) for at in range(0, len(data), 512))

    def test_bytes_overwritten_in_place_are_the_old_ones_until_their_file_is_synced(self):
        start = "write a 2048, fsync a, fsync ., "
        for model in ("posix", "journal"):
            self.assertEqual(self.content(start + "overwrite a 1024, fsync .", model), "wwww")
            self.assertEqual(self.content(start + "overwrite a 1024, fdatasync a", model), "ooww")
            self.assertEqual(self.content(start + "overwrite a 1024, syncfs .", model), "ooww")
            self.assertEqual(self.content(start + "overwrite a 512, fsync a, overwrite a 1024", model), "owww")
            torn = {self.content(start + "overwrite a 1024", model, seed) for seed in range(20)}
            self.assertEqual(torn, {"wwww", "owww", "woww", "ooww"})

    def test_a_sync_of_overwritten_bytes_commits_no_name(self):
        steps = "write a 512, fsync a, fsync ., write b 9, fsync b, rename b c, overwrite a 512, fdatasync a"
        self.assertEqual(self.survivors(steps)[1], {"a": 512, "b": 9})

    def test_survivors_are_between_the_worst_and_the_best(self):
        environment = self.new_recording()
        subprocess.run([os.path.join(PROGRAMS, "file_steps")], input="write a 100\nfsync a\nfsync .\nwrite a 900\nwrite b 5",
                       text=True, cwd=self.root, env=environment, check=False)
        trees = [self.tree(self.after_power_cut(model, seed)) for model in ("posix", "journal") for seed in range(20)]
        self.assertTrue(all(100 <= tree["a"] <= 1000 for tree in trees))
        self.assertGreater(len({tree["a"] for tree in trees}), 5)
        self.assertEqual({"b" in tree for tree in trees}, {True, False})


class BlobStoreTest(PowerCutTest):
    def opened(self, folder, *arguments):
        """What the blob store makes of the folder: that is what counts."""
        opened = subprocess.run([os.path.join(PROGRAMS, "blob_writer"), folder, arguments[0], "0", *arguments[1:]],
                                check=False, stdout=subprocess.DEVNULL)
        self.assertEqual(opened.returncode, 0)
        return folder

    def check(self, durability, *models, journal=()):
        for _ in range(ROUNDS):
            lines = self.run_until_killed("blob_writer", "ROOT/data", durability, "6", *journal)
            for case, folder in self.cuts(*models):
                faults, kept = blob_faults.find(lines, self.opened(os.path.join(folder, "data"), durability, *journal))
                self.assertEqual(faults, [], case)
                self.assertGreater(kept, 10)

    def test_strict_durability_survives_on_any_file_system(self):
        self.check("strict", "posix", "journal")

    def test_ordered_durability_survives_on_a_journal_that_is_committed_in_order(self):
        self.check("ordered", "journal")

    def test_small_blobs_in_a_journal_of_our_own_survive_on_any_file_system(self):
        self.check("strict", "posix", "journal", journal=("16384",))

    def test_small_blobs_in_a_journal_of_our_own_survive_beside_ordered_durability(self):
        self.check("ordered", "journal", journal=("16384",))

    def check_caught(self, durability, model, *journal, share=0.25):
        lines = self.run_until_killed("blob_writer", "ROOT/data", durability, "6", *journal)
        folder = self.opened(os.path.join(self.after_power_cut(model), "data"), durability, *journal)
        faults, kept = blob_faults.find(lines, folder)
        self.assertGreater(kept, 10)
        self.assertGreater(len(faults), kept * share)

    def test_ordered_durability_on_another_file_system_is_caught(self):
        self.check_caught("ordered", "posix")

    def test_no_durability_is_caught(self):
        self.check_caught("none", "journal")
        self.check_caught("none", "posix")

    def test_a_journal_that_nobody_flushes_is_caught(self):
        self.check_caught("none", "posix", "16384")

    def test_a_journal_that_is_used_again_too_early_is_caught(self):
        self.check_caught("unsettled", "posix", "16384", share=0.02)


class RocksDbTest(PowerCutTest):
    def test_a_database_with_a_synced_log_survives(self):
        for _ in range(ROUNDS):
            # Not in a folder that RocksDB makes itself: it does not sync the one above it.
            lines = self.run_until_killed("rocksdb_writer", "write", "ROOT")
            for case, folder in self.cuts("posix", "journal"):
                counted = subprocess.run([os.path.join(PROGRAMS, "rocksdb_writer"), "count", folder], capture_output=True, text=True, check=False)
                self.assertEqual(counted.returncode, 0, f"{case}: {counted.stderr}")
                self.assertGreater(len(lines), 10)
                self.assertGreaterEqual(int(counted.stdout), len(lines), case)

    def check_index(self, lines):
        """Everything that was acknowledged is there after each cut. The generations of the index that was found."""
        generations = set()
        for case, folder in self.cuts("posix", "journal"):
            counted = subprocess.run([os.path.join(PROGRAMS, "renewal_writer"), "count", folder], capture_output=True,
                                     text=True, check=False)
            self.assertEqual(counted.returncode, 0, f"{case}: {counted.stderr}")
            self.assertGreater(len(lines), 10)
            self.assertGreaterEqual(int(counted.stdout), len(lines), case)
            generations.add(counted.stderr)
        return generations

    def test_an_index_that_is_made_anew_is_the_old_or_the_new_one_as_a_whole(self):
        generations = set()
        for _ in range(ROUNDS):
            generations |= self.check_index(self.run_until_killed("renewal_writer", "write", "ROOT"))
        self.assertNotEqual(generations, {"generation 0\n"})

    def test_what_is_durable_survives_though_logs_of_runs_before_were_kept(self):
        self.check_index(self.run_to_its_end("renewal_writer", "restart", "ROOT"))


if __name__ == "__main__":
    unittest.main()
