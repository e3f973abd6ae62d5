"""The instruments of tests/benchmark work: everything is measured once, tiny. What comes out is never judged by its speed."""

import json
import subprocess
import sys
import xml.etree.ElementTree

import pytest

from conftest import BUILD, ROOT

BENCHMARK = ROOT / "tests" / "benchmark"
sys.path.insert(0, str(BENCHMARK))

import plots  # noqa: E402
import report  # noqa: E402
import targets  # noqa: E402


def run(program, *arguments):
    done = subprocess.run([sys.executable, str(BENCHMARK / program), "--build", str(BUILD), *map(str, arguments)],
                          capture_output=True, text=True, timeout=600)
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


def test_a_plot_of_nothing_is_none():
    assert plots.lines_plot("", "", "", {}) is None and plots.bars_plot("", "", {}) is None
