#!/usr/bin/env python3
"""Brings the tables and plots of docs/performance.md up to what a run has measured.

usage: page.py [--results build/benchmark/results.jsonl]

The text is written by hand; between `<!-- measured: NAME -->` and `<!-- end -->` stands the table of a scene, or `targets`
or `durability`. Plots go to docs/performance/.
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
from servers import ROOT  # noqa: E402

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
    path = pathlib.Path(options.parse_args().results).resolve()
    results, scale = report.Results(path), report.scale_lines(path.parent / "scale.jsonl")
    page = ROOT / "docs" / "performance.md"
    text = page.read_text()
    page.write_text(BLOCK.sub(lambda m: m[1] + "\n".join(block(m[2], results, scale)) + "\n" + m[3], text))
    report.write(path)
    plots = ROOT / "docs" / "performance"
    plots.mkdir(exist_ok=True)
    for picture in path.parent.glob("*.svg"):
        shutil.copy(picture, plots / picture.name)


if __name__ == "__main__":
    main()
