#!/usr/bin/env python3
"""The index as it grows: rate of ingest, time of searches and size, from ten thousand instances to --instances.

usage: scale.py [--instances 10000000] [--folder build/benchmark/scale] [--threads 2] [--set set:OPTION=VALUE ...] [--ask]

scale-run (scale/run.cpp) puts made headers through the archive's store operations into a real index; blobs are not kept.
At every power of ten the program itself is started on that index and asked over the network, and at the end it is stopped,
killed and started again. Figures go to scale.jsonl and results.jsonl beside --results of run.py; the folder stays, and a
second run goes on from there. Ten million take a machine with two processors most of an hour and 5 GB of disk; for a
hundred million say --instances 100000000 and give the index memory with cache_mib=1024 among the options.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import report  # noqa: E402
import servers  # noqa: E402
import works  # noqa: E402
from server import ROOT  # noqa: E402


def steps(instances):
    """10,000, 30,000, 100,000 and so on."""
    found, power = [], 10_000
    while power < instances:
        found += [power] + ([3 * power] if 3 * power < instances else [])
        power *= 10
    return [*found, instances]


def grow(tools, index, instances, given, file):
    print(json.dumps({"kind": "machine", "instances": instances, "load_average": os.getloadavg()[0]}), file=file, flush=True)
    window = max(1000, min(50_000, instances // 30))
    subprocess.run([str(tools / "scale-run"), f"folder={index}", f"instances={instances}", f"window={window}", *given],
                   check=True, stdout=file)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--instances", type=int, default=10_000_000)
    options.add_argument("--per-study", type=int, default=10)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--folder", default=str(ROOT / "build" / "benchmark" / "scale"))
    options.add_argument("--results", default=str(ROOT / "build" / "benchmark" / "results.jsonl"))
    options.add_argument("--build", default=str(ROOT / "build" / "release"))
    options.add_argument("--tools", help="where load and scale-run are, if not in the build's bin/")
    options.add_argument("--ask", action="store_true", help="do not grow: the folder has an index of --instances")
    options.add_argument("--set", nargs="*", default=[], help="more options of scale-run, for trials")
    options = options.parse_args()

    servers.Fermata.build = pathlib.Path(options.build).resolve()
    tools = pathlib.Path(options.tools).resolve() if options.tools else servers.Fermata.build / "bin"
    results = pathlib.Path(options.results).resolve()
    folder = pathlib.Path(options.folder).resolve()
    for needed in (results.parent, folder):
        needed.mkdir(parents=True, exist_ok=True)
    given = [f"per_study={options.per_study}", f"threads={options.threads}", *options.set]

    with open(results, "a") as over_network, open(results.parent / "scale.jsonl", "a") as scale:
        def record(scene, work, server, figures):
            print(json.dumps({"scene": scene, "work": work, "server": server.called(), "durability": server.durability, **figures}),
                  file=over_network, flush=True)
            print(f"{work:60} {report.shown(figures)}", flush=True)

        print(json.dumps(report.conditions(folder)), file=over_network)
        bench = works.Bench(tools, folder, works.Size(), [servers.Fermata], record)
        for instances in [options.instances] if options.ask else steps(options.instances):
            if not options.ask:
                grow(tools, folder / "index", instances, given, scale)
            if options.ask or instances == options.instances or str(instances).strip("0") == "1":
                works.ask_grown(bench, folder, instances // options.per_study)
    report.write(results)


if __name__ == "__main__":
    main()
