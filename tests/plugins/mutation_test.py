"""Does fermata-plugin-check find what it is there to find? Every defect of broken-stores and broken-services has to be
caught by the case named here, and without a defect all cases have to pass."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

CHECK = os.environ["FERMATA_PLUGIN_CHECK"]
STORES = os.environ["BROKEN_STORES"]
SERVICES = os.environ["BROKEN_SERVICES"]
PLUGINS = os.environ["FERMATA_PLUGINS"]

# In front of the SDK's stores in memory.
BLOB_STORE = {
    "reads short": "a committed blob is read back",
    "shows unfinished": "an unfinished blob is not visible",
    "shows aborted": "a blob without commit has never existed",
    "reads another range": "ranges are read",
    "overwrites": "a key is committed once",
    "loses concurrent writes": "of many writers of one key one wins",
    "takes every key": "other keys are invalid",
    "lists in another order": "keys are listed in byte order",
    "lists the place again": "listing goes on after any key",
    "removes later": "a removed blob is gone at once",
    "looks the blob up at each read": "an open blob stays readable when removed",
    "forgets the first blob": "content survives reopening",
    "throws what is no Error": "what is not there is not found",
}
INDEX = {
    "leaves headers out": "a record comes back as it was stored",
    "commits each step": "nothing is visible before commit",
    "counts an instance twice": "storing the same again changes nothing",
    "keeps what is removed": "the last instance takes its series and study with it",
    "ignores a list of series": "selections",
    "does not forget": "clear forgets everything but the sequence of changes",
    "matches names by case": "attribute matching",
    "answers twice": "each level has one answer for each entity",
    "forgets counts": "counts and sets",
    "answers more than asked for": "answers hold exactly what was asked for",
    "ignores the order": "newest first, in pages",
    "leaves gaps in the changes": "changes have no gaps",
    "shows changes in another order": "who follows the changes misses none",
    "sees later writes": "cursors stay as they began",
    "locks no study": "one transaction of a study at a time",
}
SERVICE = {
    "does not start twice": "life: started again after it was stopped",
    "drains for ever": "life: drained at once when there is no time",
    "hook throws": "ingest-hook: every object is let through, edited or refused",
    "hook takes the UID away": "ingest-hook: what was edited is an object still",
    "hook refuses at length": "ingest-hook: reasons can be sent to the peer",
    "hook does not share": "ingest-hook: many objects come at once",
    "hook throws afterwards": "ingest-hook: stored objects are taken note of",
    "hook is slow": "ingest-hook: nobody waits long",
    "no UID": "dimse-service: SOP Classes are registered by valid UIDs",
    "service never answers": "dimse-service: every command gets one final response",
    "service answers twice": "dimse-service: every command gets one final response",
    "service says that more follow": "dimse-service: every command gets one final response",
    "service always succeeds": "dimse-service: unknown commands fail",
    "service trusts data sets": "dimse-service: what is no data set is answered",
    "service ignores C-CANCEL": "dimse-service: a cancelled request ends",
    "no template": "http-routes: routes are well formed",
    "page fails": "http-routes: every route answers",
    "page has no type": "http-routes: every route answers",
    "page believes the query": "http-routes: rubbish is answered",
    "page takes a client for a defect": "http-routes: a client that goes away is no defect",
}
MEMORY = "plugins:\n  broken-stores: {config: {defect: %s}}\n"
LASTING = MEMORY + f"""  storage-filesystem: {{config: {{root: "${{FERMATA_CHECK_FOLDER}}/blobs", reserve: 0}}}}
  index-rocksdb: {{config: {{path: "${{FERMATA_CHECK_FOLDER}}/index"}}}}
plugin_directories: ["{PLUGINS}"]
"""
SMALL = MEMORY + f"""  memory-store-c: {{config: {{total: 20000000}}}}
plugin_directories: ["{os.environ['MEMORY_STORE_C']}"]
"""


def check(library, config, *options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "fermata.yaml"
        path.write_text(config)
        return subprocess.run([CHECK, library, "--config", path, *options], capture_output=True, text=True, timeout=600)


class Mutations(unittest.TestCase):
    def caught(self, library, config, title, word, *options):
        done = check(library, config, "--include", f"^{re.escape(title)}$", *options)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stdout, rf"(?m)^{word} .*{re.escape(title)}")
        self.assertIn("0 passed, 1 failed, 0 skipped", done.stdout)
        return done.stdout

    def test_without_a_defect_everything_passes(self):
        for library, config in ((STORES, LASTING % "none"), (SERVICES, "plugins: {broken-services: }\n")):
            done = check(library, config)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn(" 0 failed", done.stdout)

    def test_defects_of_blob_stores(self):
        for defect, case in BLOB_STORE.items():
            with self.subTest(defect):
                self.caught(STORES, MEMORY % defect, f"blob-store: {case}", "FAILED")

    def test_defects_of_indexes(self):
        for defect, case in INDEX.items():
            with self.subTest(defect):
                self.caught(STORES, MEMORY % defect, f"index: {case}", "FAILED")

    def test_defects_that_a_killed_process_shows(self):
        self.caught(STORES, LASTING % "commits later", "blob-store: committed blobs outlive a killed process", "FAILED")
        self.caught(STORES, LASTING % "writes later", "index: commits outlive a killed process", "FAILED")

    def test_a_full_store(self):
        title = "blob-store: a full store goes on reading"
        self.assertIn("1 passed", check(STORES, SMALL % "none", "--include", title).stdout)
        self.caught(STORES, SMALL % "calls a full disk broken", title, "FAILED")

    def test_defects_of_hooks_and_services(self):
        for defect, title in SERVICE.items():
            with self.subTest(defect):
                self.caught(SERVICES, f"plugins: {{broken-services: {{config: {{defect: {defect}}}}}}}\n", title,
                            "FAILED|CRASHED|HUNG", "--limit", "5")

    def test_a_crash_and_a_hang_are_findings_and_the_rest_runs_on(self):
        done = check(STORES, MEMORY % "crashes", "--include", "^blob-store: (ranges|keys)")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^CRASHED .*ranges are read \(Aborted\)")
        self.assertRegex(done.stdout, r"(?m)^ok .*keys are listed in byte order")
        self.caught(STORES, MEMORY % "hangs", "blob-store: keys are listed in byte order", "HUNG", "--limit", "2")

    def test_a_report_for_machines(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder) / "report.xml"
            check(STORES, MEMORY % "reads short", "--include", "^blob-store: a", "--junit", report)
            text = report.read_text()
        self.assertIn('<testcase classname="broken-stores.blob-store" name="a blob without appends is empty"', text)
        self.assertIn("<failure message=", text)
        self.assertIn("get(store, key) == bytes", text)


class CommandLine(unittest.TestCase):
    def test_the_list_runs_nothing(self):
        done = check(STORES, MEMORY % "crashes", "--list")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("blob-store: ranges are read\n", done.stdout)
        self.assertIn("index: attribute matching\n", done.stdout)

    def test_what_can_not_be_used_is_78(self):
        for library, config, said in ((STORES, "plugins: {broken-stores: {config: {defects: x}}}", 'did you mean "defect"'),
                                      (STORES, "plugins: {other: {required: false}}", "does not use the plugin"),
                                      (__file__, "plugins: {mutation_test: }", "mutation_test"),
                                      ("/nowhere.so", "plugins: {}", "there is no library")):
            done = check(library, config)
            self.assertEqual(done.returncode, 78, done.stdout + done.stderr)
            self.assertIn(said, done.stderr)

    def test_a_wrong_command_line_is_64(self):
        self.assertEqual(subprocess.run([CHECK], capture_output=True).returncode, 64)
        self.assertEqual(check(STORES, MEMORY % "none", "--include", "(").returncode, 64)
        self.assertEqual(check(STORES, MEMORY % "none", "--include", "no such case").returncode, 64)


if __name__ == "__main__":
    unittest.main()
