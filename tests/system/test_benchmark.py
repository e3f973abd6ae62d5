"""The instruments of tests/benchmark work: everything is measured once, tiny. What comes out is never judged by its speed."""

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

import pytest

from conftest import BUILD, ROOT

BENCHMARK = ROOT / "tests" / "benchmark"
sys.path.insert(0, str(BENCHMARK))

import orthanc  # noqa: E402
import plots  # noqa: E402
import report  # noqa: E402
import run as runner  # noqa: E402
import servers  # noqa: E402
import targets  # noqa: E402
import works  # noqa: E402

import roots  # noqa: E402

NEWER_ROOT = roots.kept() / "-".join([orthanc.NEWER_SUITE, *orthanc.NEWER_PACKAGES])


def command(program, *arguments):
    return [sys.executable, str(BENCHMARK / program), "--build", str(BUILD), *map(str, arguments)]


def run(program, *arguments):
    done = subprocess.run(command(program, *arguments), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return done.stdout


def test_the_runner_measures_everything(tmp_path):
    results = tmp_path / "results.jsonl"
    run("run.py", "--smoke", "--peers", "storescp", "dcmqrscp", "raw sink", "--results", results, "--folder", tmp_path / "data")
    read = report.Results(results)
    assert set(read.scene_of.values()) >= {"idle", "store", "stow", "find", "retrieve", "metadata", "frame", "delete", "start", "crash"}
    by_work = {work: by["fermata"][0] for work, by in read.figures.items()}
    assert by_work["C-STORE CT, 4 assoc."]["operations"] == 8
    assert by_work["C-STORE 1.2 KB, 8 assoc."]["operations"] == 80
    assert by_work["C-GET study, 4 CT, 4 conn."]["answers"] == 8 * 4  # two times four connections, four images each
    assert by_work["C-MOVE study, 4 CT, 1 conn."]["answers"] == 2 * 4
    assert by_work["delete a study of 20"]["max_ms"] > 0 and by_work["store while they are purged"]["share"] > 0
    assert by_work["kill -9 while storing"]["kills"] == 4 and by_work["kill -9 while storing"]["lost"] == 0
    assert by_work["memory when idle"]["peak_rss_mib"] > 1
    assert not list((tmp_path / "data").iterdir()), "what was stored stays behind"
    assert {"storescp", "dcmqrscp", "raw sink, no sync"} <= set(read.figures["C-STORE CT, 1 assoc."])
    for picture in ("store-ct.svg", "store-small.svg"):
        xml.etree.ElementTree.parse(tmp_path / picture)
    table = (tmp_path / "report.md").read_text()
    assert "| C-STORE CT, 1 assoc. | storescp | nothing synced |" in table
    assert len([line for line in table.splitlines() if "not measured" in line or line.endswith((" yes |", " **no** |"))]) == len(
        list(targets.all_targets()))


def test_an_index_grows_and_is_asked(tmp_path):
    results = tmp_path / "results.jsonl"
    common = ["--folder", tmp_path / "scale", "--results", results, "--set", "repeat=5"]
    run("scale.py", "--instances", 2000, *common)
    run("scale.py", "--instances", 3000, *common)  # goes on from there
    lines = report.scale_lines(tmp_path / "scale.jsonl")
    assert [line["instances"] for line in lines if line["kind"] == "window"] == [1000, 2000, 3000]
    answers = [line for line in lines if line["kind"] == "answers" and line["state"] == "merged"]
    assert [a["studies"] for a in answers] == [200, 300]
    assert answers[-1]["accession"]["answers"] == 1 and answers[-1]["first_page"]["answers"] == 50
    assert report.Results(results).median("C-FIND by name, 300 studies", "fermata", "answers") >= 1
    for picture in ("find.svg", "ingest.svg", "size.svg"):
        xml.etree.ElementTree.parse(tmp_path / picture)


@pytest.fixture
def results(tmp_path):
    def made(**by_server):
        path = tmp_path / "made.jsonl"
        path.write_text("".join(
            json.dumps({"scene": "store", "work": "C-STORE CT, 1 assoc.", "server": server, "durability": "", "per_second": value})
            + "\n" for server, values in by_server.items() for value in values))
        return report.Results(path)
    return made


def test_a_figure_is_the_median_of_the_rounds_and_the_target_the_factor(results):
    seen = results(fermata=[900, 300, 600], orthanc=[100, 300, 200])
    assert seen.median("C-STORE CT, 1 assoc.", "fermata", "per_second") == 600
    assert report.ratio(seen, "C-STORE CT, 1 assoc.", "orthanc", "per_second") == "3.00"
    rows = {line.split(" | ")[1]: line for line in targets.table(seen, []) if line.startswith("| C-STORE CT, 1 ")}
    assert rows[">= 3 x Orthanc's default"].endswith("| 3 x | yes |")
    seen = results(fermata=[500], orthanc=[200])
    rows = {line.split(" | ")[1]: line for line in targets.table(seen, []) if line.startswith("| C-STORE CT, 1 ")}
    assert rows[">= 3 x Orthanc's default"].endswith("| 2.5 x | **no** |")


def test_the_version_of_orthanc_that_is_better_is_the_one_to_compare_with(results):
    seen = results(fermata=[600], **{"orthanc 1.10.1": [100], "orthanc 1.12.7": [300], "orthanc 1.12.7, tuned, no sync": [900]})
    rows = {line.split(" | ")[1]: line for line in targets.table(seen, []) if line.startswith("| C-STORE CT, 1 ")}
    assert rows[">= 3 x Orthanc's default"].endswith("| 2 x (Orthanc 1.10.1: 6, Orthanc 1.12.7: 2) | **no** |")
    assert [plots.storing(server) for server in sorted(seen.figures["C-STORE CT, 1 assoc."], key=plots.place)] == [
        "Fermata", "Orthanc 1.10.1", "Orthanc 1.12.7", "Orthanc 1.12.7, no sync"]


def test_what_is_not_built_is_named_with_the_remedy(tmp_path):
    done = subprocess.run([*command("run.py", "--results", tmp_path / "results.jsonl"), "--build", str(tmp_path)],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and f"not built: {tmp_path}/bin/fermata" in done.stderr and "cmake --build" in done.stderr


def test_a_disk_without_room_is_named_before_anything_is_written(tmp_path):
    stored = tmp_path / "of an earlier round"
    stored.write_bytes(bytes(100_000))
    bench = works.Bench(None, tmp_path, works.Size(store_ct=10 ** 9), [servers.Fermata], None)
    runner.look_for_room(bench, [works.idle])
    assert stored.stat().st_size == 100_000
    with pytest.raises(SystemExit, match=r"a round may take [\d.]+ GB in .* are free"):
        runner.look_for_room(bench, [works.store_ct])
    assert stored.stat().st_size == 0, "the room of what was stored before was not used"


def test_a_run_that_is_told_to_end_leaves_no_server_and_no_data(tmp_path):
    data = tmp_path / "data"
    ended = subprocess.Popen(command("run.py", "--peers", "raw sink", "--scene", "store_small", "--results", tmp_path / "results.jsonl",
                                     "--folder", data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while not list(data.glob("*/*/log.txt")):
        assert ended.poll() is None and time.monotonic() < end
        time.sleep(0.05)
    ended.send_signal(signal.SIGTERM)
    ended.send_signal(signal.SIGTERM)  # whoever is impatient
    _, said = ended.communicate(timeout=60)
    assert ended.returncode == 1 and "SIGTERM" in said
    assert not list(data.iterdir())
    assert not [pid for pid in os.listdir("/proc") if pid.isdigit() and str(data) in command_line(pid)]


def command_line(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as environment, open(f"/proc/{pid}/cmdline", "rb") as arguments:
            return (environment.read() + arguments.read()).decode(errors="replace")
    except OSError:
        return ""


@pytest.mark.skipif(os.geteuid() != 0 or not NEWER_ROOT.exists(), reason="run.py has not made the newer Orthanc's root file system")
def test_the_newer_orthanc_is_measured_where_its_root_file_system_is(tmp_path):
    before = open("/proc/mounts").read()
    run("run.py", "--smoke", "--peers", "newer", "--scene", "store_ct", "find", "--results", tmp_path / "results.jsonl")
    figures = report.Results(tmp_path / "results.jsonl").figures
    newer = [server for server in figures["C-STORE CT, 4 assoc."] if server != "fermata"]
    assert {orthanc.spelled(server)[1] for server in newer} == {"", ", tuned, no sync"}
    assert [entry["operations"] for server in newer for entry in figures["C-STORE CT, 4 assoc."][server]] == [8, 8]
    assert any(orthanc.spelled(server) for server in figures["QIDO-RS by patient ID, 20 studies"])
    assert open("/proc/mounts").read() == before and not list((NEWER_ROOT / "mnt").iterdir())


def test_a_plot_of_nothing_is_none():
    assert plots.lines_plot("", "", "", {}) is None and plots.bars_plot("", "", {}) is None
