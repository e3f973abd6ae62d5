"""What the author of a plugin does, in a folder outside of this source tree with nothing but the installed program and SDK:
`fermata new-plugin`, then build, test and package what it has written. Prints how long each step takes.

    new_plugin_test.py KIND            one kind of plugin, from the verb to the package
    new_plugin_test.py KIND --record   the same, and the processor time up to green tests goes into docs/plugins/measured.json
    new_plugin_test.py mirrored-store  the plugin of the tutorial, which was written by hand
    new_plugin_test.py refusals        what the verb does not do
"""

import json
import os
import pathlib
import platform
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

SOURCE = os.environ["FERMATA_SOURCE"]
BUILD = os.environ["FERMATA_BUILD_FOLDER"]
GENERATOR = os.environ["FERMATA_GENERATOR"]
COMPILERS = {f"-DCMAKE_{language}_{what}={os.environ[variable]}"
             for language in ("C", "CXX") for what, variable in (("COMPILER", f"FERMATA_{language}"),
                                                                 ("COMPILER_LAUNCHER", "FERMATA_LAUNCHER"))}
STANDS_ALONE = ("blob-store", "index", "ingest-hook")  # needs nobody, so that its example is a whole configuration


def run(*words, expect=0, **kwargs):
    """Standard output and error of a command that ends as expected."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kwargs)
    assert done.returncode == expect, f"{words} ended with {done.returncode}\n{done.stdout}"
    return done.stdout


class Steps:
    def __init__(self):
        self.begin = time.monotonic()

    def done(self, what):
        now = time.monotonic()
        print(f"{now - self.begin:7.1f} s  {what}", flush=True)
        self.begin = now


def processor_seconds():
    """Of all commands so far: what else the machine has to do makes little difference to it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def install(prefix):
    for component in ("sdk", "program"):
        run("cmake", "--install", BUILD, "--prefix", prefix, "--component", component)
    for file in (prefix / "lib").rglob("*.cmake"):
        assert SOURCE not in file.read_text(), f"{file} names the source tree"


def check_package(folder, prefix, name, kind):
    packages = sorted(path.name for path in folder.glob("fermata-plugin-*"))
    assert packages == [f"fermata-plugin-{name}-0.1.0-Linux.tar.gz", f"fermata-plugin-{name}_0.1.0_amd64.deb"], packages
    listed = run("dpkg-deb", "--contents", folder / packages[1])
    assert f"./usr/lib/fermata/plugins/{name}.so" in listed, listed
    assert "Depends: lib" in run("dpkg-deb", "--info", folder / packages[1])
    with tarfile.open(folder / packages[0]) as archive:
        for member in archive.getmembers():
            if member.isfile() and "/usr/lib/" in member.name:
                target = prefix / member.name.split("/usr/")[1]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.extractfile(member).read())
    assert f"{name}  " in run(prefix / "bin" / "fermata", "plugins"), "the installed plugin is not found"
    if kind in STANDS_ALONE:
        said = run(prefix / "bin" / "fermata", "check", "--config", folder.parent / "example.yaml")
        assert "OK: " in said, said


def build_and_test(project, prefix, name):
    """What is in the project's folder, with nothing but the prefix. Returns the build folder, and the
    processor seconds of all commands up to green tests."""
    build = project / "build"
    # ccache knows what the last run compiled, although that was in a folder with another name.
    os.environ.update(CCACHE_BASEDIR=str(project.parent), CCACHE_NOHASHDIR="1")
    steps = Steps()
    run("cmake", "-S", project, "-B", build, "-G", GENERATOR, f"-DCMAKE_PREFIX_PATH={prefix}",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *sorted(COMPILERS))
    assert SOURCE not in (build / "compile_commands.json").read_text(), "it is built on the source tree"
    steps.done("configure")
    said = run("cmake", "--build", build)
    assert "warning:" not in said, said
    steps.done("build")
    said = run("ctest", "--test-dir", build, "--output-on-failure", "--no-tests=error", "--timeout", "600")
    assert f"{name}: fermata-plugin-check" in said, said
    steps.done("test")
    seconds = processor_seconds()
    run("cpack", cwd=build)
    steps.done("package")
    symbols = run("nm", "-D", "--defined-only", build / "lib/fermata/plugins" / f"{name}.so").split()
    assert symbols[2::3] == ["fermata_plugin_entry_v1"], symbols
    return build, seconds


def record(kind, seconds):
    """For the table in docs/plugins/README.md, which docs/plugins/generate.py makes."""
    path = pathlib.Path(SOURCE) / "docs" / "plugins" / "measured.json"
    measured = json.loads(path.read_text()) if path.exists() else {"seconds": {}}
    compiler = run(os.environ["FERMATA_CXX"], "-dumpversion").strip()
    measured["machine"] = f"{platform.machine()}, compiler version {compiler}"
    measured["seconds"][kind] = round(seconds)
    path.write_text(json.dumps(measured, indent=2, sort_keys=True) + "\n")


def whole_way(kind, recorded):
    name = f"my-{kind}"
    if recorded:
        os.environ["CCACHE_DISABLE"] = "1"  # an author's first build
    with tempfile.TemporaryDirectory(prefix="fermata-new-plugin-") as scratch:
        folder = pathlib.Path(scratch)
        prefix = folder / "prefix"
        install(prefix)
        total = Steps()
        installed = processor_seconds()
        run(prefix / "bin" / "fermata", "new-plugin", name, "--kind", kind, cwd=folder)
        build, seconds = build_and_test(folder / name, prefix, name)
        check_package(build, prefix, name, kind)
        total.done(f"from `fermata new-plugin {name} --kind {kind}` to the installed package")
        if recorded:
            record(kind, seconds - installed)


def mirrored_store():
    """It mirrors two stores of Fermata's own, which are there where the program is."""
    with tempfile.TemporaryDirectory(prefix="fermata-mirrored-store-") as scratch:
        folder = pathlib.Path(scratch)
        prefix = folder / "prefix"
        install(prefix)
        plugins = prefix / "lib" / "fermata" / "plugins"
        plugins.mkdir(parents=True)
        shutil.copy(pathlib.Path(BUILD) / "lib/fermata/plugins/storage-filesystem.so", plugins)
        shutil.copytree(pathlib.Path(SOURCE) / "tests/plugins/mirrored-store", folder / "mirrored-store")
        build, _ = build_and_test(folder / "mirrored-store", prefix, "mirrored-store")
        check = run(prefix / "bin/fermata-plugin-check", build / "lib/fermata/plugins/mirrored-store.so", "--config",
                    folder / "mirrored-store/check.yaml", "--include", "killed|dies|reopening")
        assert "4 passed, 0 failed, 0 skipped" in check, check


def refusals():
    with tempfile.TemporaryDirectory(prefix="fermata-new-plugin-") as scratch:
        folder = pathlib.Path(scratch)
        install(folder / "prefix")
        fermata = folder / "prefix" / "bin" / "fermata"
        usage = run(fermata, "--help")

        def refuse(words, sentence, code=64):
            said = run(fermata, "new-plugin", *words, expect=code, cwd=folder)
            assert sentence in said, said

        refuse([], "write it as fermata new-plugin my-store --kind blob-store")
        refuse(["my-store"], "write it as fermata new-plugin my-store --kind blob-store")
        refuse(["my-store", "--kind", "blobstore"], 'did you mean "blob-store"?')
        refuse(["My_Store", "--kind", "index"], "can't be the name of a plugin")
        refuse(["my-store", "--kind", "index", "--colour", "red"], "--colour")
        (folder / "full").mkdir()
        (folder / "full" / "file").touch()
        refuse(["my-store", "--kind", "index", "--folder", "full"], "full is there and not empty")
        refuse(["my-store", "--kind", "index", "--folder", "/proc/nowhere"], "can't be written", 69)
        kinds = sorted(path.name for path in (folder / "prefix/share/fermata/template").iterdir())
        assert ", ".join(kinds) in usage, "fermata --help does not list the kinds"
        run(fermata, "new-plugin", "other", "--kind", "index", "--folder", "here", cwd=folder)
        assert (folder / "here" / "CMakeLists.txt").exists()
        (folder / "prefix/share/fermata/template").rename(folder / "away")
        refuse(["my-store", "--kind", "index"], "install Fermata's SDK beside the program", 69)


if __name__ == "__main__":
    if sys.argv[1] == "refusals":
        refusals()
    elif sys.argv[1] == "mirrored-store":
        mirrored_store()
    else:
        whole_way(sys.argv[1], recorded=sys.argv[2:] == ["--record"])
