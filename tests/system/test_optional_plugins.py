"""Plugins with `required: false` that can't run: the archive runs, and says that it does so without them."""

import json
import shutil
import subprocess
import sys
import time

import pytest

from conftest import BUILD, ROOT
from objects import ct_bytes
from test_http import Server
from upper_layer import CT, EXPLICIT, VERIFICATION

sys.path.insert(0, str(ROOT / "tests" / "faults"))

from fault_table import note  # noqa: E402

PLUGINS = BUILD / "lib" / "fermata" / "plugins"
BASE = """
plugin_directories: ["{folder}"]
plugins:
  storage-filesystem:
    config: {{root: "${{FERMATA_DATA}}/blobs"}}
  index-rocksdb:
    config: {{path: "${{FERMATA_DATA}}/index"}}
  archive:
  application-entities:
    config: {{trusted_networks: [127.0.0.0/8]}}
  dimse:
    config: {{bind: 127.0.0.1, port: "${{FERMATA_DIMSE_PORT}}"}}
  http:
    config: {{port: "${{FERMATA_HTTP_PORT}}"}}
{more}
"""


def cut_short(path):
    """The first tenth of a real plugin, as a copy that was interrupted."""
    whole = (PLUGINS / "archive.so").read_bytes()
    path.write_bytes(whole[:len(whole) // 10])


def no_library(path):
    path.write_text("this is no library\n")


def no_plugin(path):
    """A library, but none of Fermata's."""
    shutil.copy(shutil.which("true"), path)


def nothing(path):
    path.write_bytes(b"")


BROKEN = {cut_short: "is cut short; install the plugin again", no_library: "can't be loaded", no_plugin: "",
          nothing: "can't be loaded"}


def curl(archive, path):
    done = subprocess.run(["curl", "-sS", "--max-time", "30", "-w", "\n%{http_code}", archive.url + path],
                          capture_output=True, text=True, check=True)
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), body


def ready(archive):
    """What /readyz says once the program no longer starts; DICOM may be answered before that."""
    end = time.monotonic() + 30
    while True:
        status, body = curl(archive, "/readyz")
        if status == 200 or time.monotonic() > end:
            return status, json.loads(body)
        time.sleep(0.05)


def runs_without(archive, name, reason, listed):
    archive.start()
    try:
        with archive.associate([(VERIFICATION, ["1.2.840.10008.1.2"])]) as a:
            assert a.echo() == 0
        status, found = ready(archive)
        assert (status, found["status"], found["left_out"]) == (200, "degraded", [name])
        assert reason in found["reasons"][name]
        metrics = curl(archive, "/metrics")[1]
        assert f'fermata_plugin_serving{{plugin="{name}",' in metrics
        assert f'fermata_condition{{plugin="{name}",condition="left-out"}} 2' in metrics
        assert reason in archive.wait_for_log("running without a plugin")
    finally:
        assert archive.stop() == 0
    plugins = archive.run("plugins", check=False)
    line, = [line for line in plugins.stdout.splitlines() if line.startswith(f"{name} ")]
    assert listed in line, plugins.stdout
    return plugins


@pytest.fixture
def configured(make_archive, tmp_path):
    def make(more):
        (tmp_path / "more-plugins").mkdir(exist_ok=True)
        config = tmp_path / "optional.yaml"
        config.write_text(BASE.format(folder=tmp_path / "more-plugins", more=more))
        return make_archive(config=config), tmp_path / "more-plugins"

    return make


@pytest.mark.parametrize("break_", BROKEN, ids=lambda f: f.__name__)
def test_a_file_that_is_no_plugin_is_left_out(configured, break_):
    archive, folder = configured("  ghost: {required: false}")
    break_(folder / "ghost.so")
    plugins = runs_without(archive, "ghost", BROKEN[break_], "broken")
    assert plugins.returncode == 69 and BROKEN[break_] in plugins.stderr
    assert "would run without ghost" in archive.run("check").stdout


@pytest.mark.parametrize("break_", BROKEN, ids=lambda f: f.__name__)
def test_a_file_that_is_no_plugin_stops_the_start_where_it_is_required(configured, break_):
    archive, folder = configured("  ghost:")
    break_(folder / "ghost.so")
    done = archive.run("check", check=False)
    assert done.returncode == 78 and "ghost" in done.stderr and BROKEN[break_] in done.stderr


def test_who_needs_a_plugin_that_is_left_out_goes_with_it(configured):
    archive, folder = configured("  ghost: {required: false}\n  worklist: {required: false, uses: {fermata.state-store: ghost}}")
    no_library(folder / "ghost.so")
    archive.start()
    status, body = curl(archive, "/readyz")
    found = json.loads(body)
    assert (status, sorted(found["left_out"])) == (200, ["ghost", "worklist"])
    assert 'it takes from "ghost"' in found["reasons"]["worklist"]
    assert archive.stop() == 0
    plugins = archive.run("plugins", check=False)
    assert plugins.returncode == 69 and 'the plugin "worklist" needs fermata.state-store/1' in plugins.stderr
    line, = [line for line in plugins.stdout.splitlines() if line.startswith("worklist ")]
    assert "left out" in line


def test_a_plugin_whose_service_nobody_provides_is_left_out(tmp_path):
    server = Server(tmp_path, extra="  dicomweb: {required: false}\n")
    try:
        found = json.loads(server.wait().curl("/readyz", "--fail").stdout)
        assert (found["status"], found["left_out"]) == ("degraded", ["dicomweb"])
        assert "which no enabled plugin provides" in found["reasons"]["dicomweb"]
        assert server.status("/dicom-web/studies") == 404
    finally:
        assert server.stop() == 0
    plugins = subprocess.run([BUILD / "bin" / "fermata", "plugins", "--config", server.config], capture_output=True, text=True)
    line, = [line for line in plugins.stdout.splitlines() if line.startswith("dicomweb ")]
    assert "left out" in line and "fermata.archive/1, which no enabled plugin provides" in plugins.stderr


def test_a_plugin_whose_start_fails_is_left_out(configured):
    archive, _ = configured('  second: {plugin: http, required: false, config: {port: "${FERMATA_HTTP_PORT}"}}')
    plugins = runs_without(archive, "second", "can't start: ", "enabled, not required")
    assert plugins.returncode == 0


def test_a_plugin_that_fails_when_it_is_to_serve_is_left_out(configured, tmp_path):
    (tmp_path / "file").write_text("no folder")
    archive, _ = configured(f"  worklist: {{required: false, config: {{folder: {tmp_path}/file/worklist}}}}")
    plugins = runs_without(archive, "worklist", "can't serve: ", "enabled, not required")
    assert plugins.returncode == 0


STALLING = BUILD / "host" / "tests" / "plugins-for-tests" / "troublemaker.so"


def stalling(step, how_long="7d", required="false"):
    where = step if step == "nowhere" else f"stall in {step}"
    return f"  troublemaker: {{required: {required}, config: {{where: {where}, stall: {how_long}}}}}\nstart_deadline: 1s\n"


@pytest.mark.parametrize("step", ["create", "start", "serve"])
def test_a_plugin_that_stalls_is_left_out_and_what_is_stored_is_there_after_the_next_start(configured, step):
    archive, folder = configured(stalling(step))
    shutil.copy(STALLING, folder)
    uid, data = ct_bytes("1.2.3", "1.2.3.1", 1)
    archive.start()
    archive.wait_until_ready()
    with archive.associate([(CT, [EXPLICIT])]) as a:
        assert a.store(1, CT, uid, data).Status == 0
    assert archive.stop() == 0
    reason = f"can't {'be created' if step == 'create' else step}: it has not come back for 1 s; start_deadline can give it longer"
    runs_without(archive, "troublemaker", reason, "enabled, not required")
    assert len(archive.objects()) == 1
    log = archive.log.read_text()
    assert log.count("host: stopped") == 2
    assert "recovered what the last stop had interrupted" not in log, "a plugin that was left behind made the stop unclean"
    note("a plugin stalls", f"in {'its constructor' if step == 'create' else f'`{step}`'}, with `required: false`", 2, "it is left out; the others run, and stop in order", reason)


WHILE_LOADING = {"stall": "have not come back for 1 s; remove the plugin or install it again, or give it longer with start_deadline",
                 "crash": "ends every program that loads it (Aborted); remove the plugin, or install it again"}


@pytest.mark.parametrize("trouble", WHILE_LOADING)
def test_a_library_that_stalls_or_crashes_while_it_is_loaded_is_left_out(configured, trouble, monkeypatch):
    monkeypatch.setenv("TROUBLE_WHILE_LOADING", trouble)
    archive, folder = configured(stalling("nowhere"))
    shutil.copy(STALLING, folder)
    runs_without(archive, "troublemaker", WHILE_LOADING[trouble], "broken")
    what = "stalls" if trouble == "stall" else "crashes"
    note(f"a plugin {what}", "while its library is loaded, with `required: false`", 1,
         "it is left out; the others run, and stop in order", WHILE_LOADING[trouble])
    archive, _ = configured(stalling("nowhere", required="true"))
    done = archive.run("check", check=False)
    assert done.returncode == 78 and WHILE_LOADING[trouble] in done.stderr
    note(f"a plugin {what}", "while its library is loaded, required", 1, "the program ends with 78", WHILE_LOADING[trouble])


@pytest.mark.parametrize("step", ["create", "start"])
def test_a_required_plugin_that_stalls_ends_the_start(configured, step):
    archive, folder = configured(stalling(step, required="true"))
    shutil.copy(STALLING, folder)
    begin = time.monotonic()
    done = archive.run("serve", check=False)
    assert time.monotonic() - begin < 20
    reason = "it has not come back and has logged nothing for 1 s; start_deadline can give it longer"
    assert done.returncode == 69 and reason in done.stderr
    note("a plugin stalls", f"in {'its constructor' if step == 'create' else f'`{step}`'}, required", 1, "the program ends with 69", reason)


def test_a_plugin_that_comes_back_too_late_is_stopped(configured):
    archive, folder = configured(stalling("start", "2s"))
    shutil.copy(STALLING, folder)
    archive.start()
    archive.wait_until_ready()
    archive.wait_for_log("came back after it was given up")
    archive.wait_for_log("troublemaker: stopped")
    assert json.loads(curl(archive, "/readyz")[1])["left_out"] == ["troublemaker"]
    assert archive.stop() == 0
    note("a plugin stalls", "in `start`, and comes back too late", 1, "it is stopped, and stays left out until the next start",
         "came back after it was given up")
