#!/usr/bin/env python3
"""Fermata beside Orthanc and DCMTK's storescp and dcmqrscp, in turn on one machine: tables, JSON and plots.

usage: run.py [--rounds 3] [--results build/benchmark/results.jsonl] [--scene store ...] [--peers ...] [--smoke] [--report]

Measures every scene (works.py) so many rounds; in each, all servers (servers.py) take their turn on fresh data. Figures
are added to the file of results, so that a run may be done in parts; `--report` only makes tables and plots of it, in the
same folder, together with those of a scale run (scale.py) that lie beside it. `--smoke` does everything once and tiny.
"""

import argparse
import json
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import report  # noqa: E402
import servers  # noqa: E402
import works  # noqa: E402
from servers import ROOT  # noqa: E402


def arguments():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--results", default=str(ROOT / "build" / "benchmark" / "results.jsonl"))
    options.add_argument("--scene", nargs="*", choices=[scene.__name__ for scene in works.SCENES], help="only these")
    options.add_argument("--peers", nargs="*", metavar="PEER", help="only peers whose name begins so, beside Fermata")
    options.add_argument("--build", default=str(ROOT / "build" / "release"), help="where the program is")
    options.add_argument("--tools", help="where load, sink and scale-run are, if not in the build's bin/")
    options.add_argument("--folder", help="where data is kept while it runs; removed at the end")
    options.add_argument("--kills", type=int, default=0, help="also kill -9 so many times and count what was lost")
    options.add_argument("--smoke", action="store_true", help="everything once and tiny: does it work?")
    options.add_argument("--report", action="store_true", help="only make tables and plots of the results there are")
    return options.parse_args()


def chosen_servers(peers):
    installed = [kind for kind in servers.ALL if kind.installed()]
    if servers.Fermata not in installed:
        raise SystemExit(f"there is no program in {servers.Fermata.build}/bin: build it, or name another place with --build")
    if peers is None:
        return installed
    return [kind for kind in installed if kind is servers.Fermata or kind.name.startswith(tuple(peers))]


def main():
    options = arguments()
    results = pathlib.Path(options.results).resolve()
    results.parent.mkdir(parents=True, exist_ok=True)
    if options.report:
        return report.write(results)
    servers.Fermata.build = pathlib.Path(options.build).resolve()
    tools = pathlib.Path(options.tools).resolve() if options.tools else servers.Fermata.build / "bin"
    servers.Sink.programs = tools
    if options.folder:
        pathlib.Path(options.folder).mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="benchmark-", dir=options.folder or results.parent))
    size = works.TINY if options.smoke else works.Size(kills=options.kills)
    scenes = [scene for scene in works.SCENES if not options.scene or scene.__name__ in options.scene]
    with open(results, "a") as file:
        def record(scene, work, server, figures):
            line = {"scene": scene, "work": work, "server": server.name, "durability": server.durability, **figures}
            print(json.dumps(line), file=file, flush=True)
            print(f"{work:50} {server.name:30} {report.shown(figures)}", flush=True)

        print(json.dumps(report.conditions(folder)), file=file)
        bench = works.Bench(tools, folder, size, chosen_servers(options.peers), record)
        try:
            for number in range(1 if options.smoke else options.rounds):
                for scene in scenes:
                    scene(bench)
        finally:
            shutil.rmtree(folder)  # not between rounds: a disk that has just freed much is slow for a while
    report.write(results)


if __name__ == "__main__":
    main()
