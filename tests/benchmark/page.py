#!/usr/bin/env python3
"""Brings the tables and plots of docs/performance.md up to what a run has measured.

usage: page.py [--results build/benchmark/results.jsonl] [--page docs/performance.md]

The text is written by hand; between `<!-- measured: NAME -->` and `<!-- end -->` stands the table of a scene, or `targets`,
`durability` or `conditions`. Plots go to the folder beside the page that has its name. To only look at what would be
written, name a copy of the page.
"""

import argparse
import pathlib
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import report  # noqa: E402
import targets  # noqa: E402
from server import ROOT  # noqa: E402

BLOCK = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.S)


def block(name, results, scale):
    if name == "targets":
        return targets.table(results, scale)
    if name == "durability":
        return report.durability_table(results)
    if name == "conditions":
        return [report.heading(results)]
    return report.scene_table(results, name)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--results", default=str(ROOT / "build" / "benchmark" / "results.jsonl"))
    options.add_argument("--page", default=str(ROOT / "docs" / "performance.md"))
    options = options.parse_args()
    path, page = pathlib.Path(options.results).resolve(), pathlib.Path(options.page)
    if not path.exists():
        raise SystemExit(f"there are no results in {path}: run.py leaves them there")
    results, scale = report.Results(path), report.scale_lines(path.parent / "scale.jsonl")
    text = page.read_text()
    page.write_text(BLOCK.sub(lambda m: m[1] + "\n".join(block(m[2], results, scale)) + "\n" + m[3], text))
    report.write(path)
    plots = page.with_suffix("")
    plots.mkdir(exist_ok=True)
    for picture in path.parent.glob("*.svg"):
        shutil.copy(picture, plots / picture.name)


if __name__ == "__main__":
    main()
