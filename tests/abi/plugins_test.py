"""Plugins of other times and other compilers in the program of today: those that fit run like any other and keep the
contract of a blob store, the others are refused with a sentence that says what to do."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

FERMATA = os.environ["FERMATA"]
CHECK = os.environ.get("FERMATA_PLUGIN_CHECK")
ABI = pathlib.Path(os.environ["ABI_PLUGINS"])
MEMORY_STORE = pathlib.Path(os.environ["MEMORY_STORE"])
MEMORY_STORE_C = pathlib.Path(os.environ["MEMORY_STORE_C"])
HOST = pathlib.Path(os.environ["HOST_TEST_PLUGINS"])
LIBCXX = ABI / "memory-store-libcxx.so"

STORES = [MEMORY_STORE, MEMORY_STORE_C, ABI / "first.so", ABI / "future.so"] + ([LIBCXX] if LIBCXX.exists() else [])


def run(verb, plugins, *folders):
    """One verb of the program: exit code and everything it has said."""
    with tempfile.TemporaryDirectory() as scratch:
        config = pathlib.Path(scratch) / "fermata.yaml"
        config.write_text("plugins:\n" + plugins)
        words = [word for folder in folders for word in ("--plugin-dir", folder)]
        done = subprocess.run([FERMATA, verb, "--config", config, *words], capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr


class Stores(unittest.TestCase):
    @unittest.skipUnless(CHECK, "fermata-plugin-check was not built")
    def test_each_keeps_the_contract_of_a_blob_store(self):
        for store in STORES:
            with self.subTest(store.stem):
                done = subprocess.run([CHECK, store, "--in-memory"], capture_output=True, text=True, timeout=300)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertIn("ok", [line[:2] for line in done.stdout.splitlines() if "blob-store: ranges" in line])

    def test_all_of_them_run_in_one_program(self):
        with tempfile.TemporaryDirectory() as scratch:
            config = pathlib.Path(scratch) / "fermata.yaml"
            config.write_text("plugins:\n" + "".join(f"  {store.stem}:\n" for store in STORES))
            folders = [word for store in STORES for word in ("--plugin-dir", store.parent)]
            with subprocess.Popen([FERMATA, "serve", "--config", config, *folders], stderr=subprocess.PIPE,
                                  text=True) as program:
                said = ""
                end = time.monotonic() + 60
                while "host: ready" not in said and time.monotonic() < end and program.poll() is None:
                    said += program.stderr.readline()
                program.send_signal(signal.SIGTERM)
                said += program.stderr.read()
            self.assertIn(f"host: ready plugins={len(STORES)}", said)
            self.assertEqual(program.returncode, 0, said)

    @unittest.skipUnless(LIBCXX.exists(), "there is no clang++ with libc++")
    def test_the_other_standard_library_is_there(self):
        needed = subprocess.run(["readelf", "-d", LIBCXX], capture_output=True, text=True, check=True).stdout
        self.assertIn("libc++.so", needed)
        self.assertNotIn("libstdc++", needed)


    @unittest.skipUnless(LIBCXX.exists(), "there is no clang++ with libc++")
    def test_the_headers_compile_with_the_other_standard_library(self):
        include = pathlib.Path(__file__).resolve().parents[2] / "sdk" / "include"
        headers = [str(header.relative_to(include)) for header in sorted(include.rglob("*.hpp"))]
        text = "".join(f'#include "{header}"\n' for header in headers
                       if "/testing/" not in header and header != "fermata/dcmtk.hpp")
        done = subprocess.run(["clang++", "-stdlib=libc++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
                               "-I", include, "-x", "c++", "-"], input=text, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)


class Refusals(unittest.TestCase):
    def test_another_major(self):
        for plugin, folder, remedy in (("next-major", ABI, "upgrade Fermata, or install the plugin's version for it"),
                                       ("other-interface", HOST, "install the version of the plugin that belongs to this "
                                                                 "Fermata")):
            code, said = run("serve", f"  {plugin}:\n", folder)
            self.assertEqual(code, 78, said)
            self.assertIn(f'the plugin "{plugin}" is made for plugin interface 2, this program has interface 1', said)
            self.assertIn(remedy, said)

    def test_a_required_service_that_nobody_provides(self):
        code, said = run("serve", "  listener:\n", HOST)
        self.assertEqual(code, 78, said)
        self.assertIn('the plugin "listener" needs test.greeter/1, which no enabled plugin provides; add one that does under '
                      '"plugins:", or enable it', said)

    def test_two_providers_that_nobody_has_chosen_from(self):
        code, said = run("check", "  listener:\n  one: {plugin: greeter}\n  two: {plugin: greeter}\n", HOST)
        self.assertEqual(code, 78, said)
        self.assertIn('needs test.greeter/1, which one and two provide; choose one with "uses: {test.greeter: one}"', said)

    def test_what_throws_when_it_is_created(self):
        code, said = run("check", "  troublemaker: {config: {where: create}}\n", HOST)
        self.assertEqual(code, 69, said)
        self.assertIn("the plugin \"troublemaker\" can't be created: trouble in create", said)


if __name__ == "__main__":
    unittest.main()
