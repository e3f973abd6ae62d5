#!/usr/bin/env python3
"""Fermata beside Orthanc and DCMTK's storescp and dcmqrscp, in turn on one machine: tables, JSON and plots.

usage: run.py [--rounds 3] [--results build/benchmark/results.jsonl] [--scene store_ct ...] [--peers orthanc ...] [--smoke] [--report]

Measures every scene (works.py) so many rounds; in each, all servers (servers.py) take their turn on fresh data. A round with
all of them takes about ten minutes. Figures are added to the file of results, so that a run may be done in parts: begin
with a new file, where the program has changed. `--report` only makes tables and plots of it, in the same folder, together
with those of a scale run (scale.py) that lie beside it. `--smoke` does everything once and tiny.

What is not installed is left out, and named. The newer Orthanc is Debian 13's: its root file system is made in build/roots
the first time, which takes root, mmdebstrap and the network.
"""

import argparse
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import report  # noqa: E402
import servers  # noqa: E402
import works  # noqa: E402
from server import ENDS, ROOT  # noqa: E402

TOOLS = ["load", "sink", "scale-run"]


def arguments():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3, help="3, if not said")
    options.add_argument("--results", default=str(ROOT / "build" / "benchmark" / "results.jsonl"), help="what figures are added to")
    options.add_argument("--scene", nargs="*", choices=[scene.__name__ for scene in works.SCENES], help="only these")
    options.add_argument("--peers", nargs="*", metavar="PEER", help="beside Fermata, only what begins so of: " +
                         "; ".join(kind.name for kind in servers.ALL if kind is not servers.Fermata))
    options.add_argument("--build", default=str(ROOT / "build" / "release"), help="where the program is")
    options.add_argument("--tools", help="where load, sink and scale-run are, if not in the build's bin/")
    options.add_argument("--folder", help="where data is kept while it runs, and removed at the end; if not said, beside the results")
    options.add_argument("--kills", type=int, default=0, help="also kill -9 so many times and count what was lost (scene crash)")
    options.add_argument("--smoke", action="store_true", help="everything once and tiny: does it work?")
    options.add_argument("--report", action="store_true", help="only make tables and plots of the results there are")
    return options.parse_args()


def look_for_programs(tools):
    missing = [str(path) for path in [servers.Fermata.build / "bin" / "fermata", *(tools / name for name in TOOLS)]
               if not path.exists()]
    if missing:
        raise SystemExit(f"not built: {', '.join(missing)}\nBuild them, or name other places with --build and --tools:\n"
                         "  cmake --preset release && cmake --build --preset release --target all benchmarks")


def chosen_servers(peers):
    chosen = [kind for kind in servers.ALL if peers is None or kind is servers.Fermata or kind.name.startswith(tuple(peers))]
    for peer in peers or []:
        if not any(kind.name.startswith(peer) for kind in servers.ALL):
            raise SystemExit(f"there is no peer whose name begins with {peer}: see --help")
    installed = [kind for kind in chosen if kind.installed()]
    missing = [kind.name for kind in chosen if kind not in installed]
    if missing:
        print(f"not installed, and so not measured: {'; '.join(missing)} (packages orthanc, orthanc-dicomweb, dcmtk)", flush=True)
    return installed


def end(number, _):
    """By a signal, with all servers and data."""
    heed_no_more()
    sys.exit(f"ended by {signal.Signals(number).name}")


def heed_no_more():
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)


def look_for_room(bench, scenes):
    """For a round. What earlier ones have stored is only touched where it is in the way."""
    needed = works.bytes_of_a_round(bench.size, bench.chosen, scenes)
    if shutil.disk_usage(bench.folder).free < needed:
        bench.give_back()
    free = shutil.disk_usage(bench.folder).free
    if free < needed:
        raise SystemExit(f"a round may take {needed / 1e9:.1f} GB in {bench.folder}, where {free / 1e9:.1f} GB are free: make room "
                         "(and wait some minutes, for a disk that has just freed much is slow), name another place with "
                         "--folder, or measure fewer --peers or only some --scene")


def measure(options, bench, scenes):
    begin = time.monotonic()
    for number in range(options.rounds):
        look_for_room(bench, scenes)
        bench.begun = number / options.rounds
        for scene in scenes:
            print(f"-- round {number + 1} of {options.rounds}, after {time.monotonic() - begin:.0f} s: {scene.__name__}", flush=True)
            scene(bench)
    print(f"-- all of it took {time.monotonic() - begin:.0f} s", flush=True)


def main():
    options = arguments()
    results = pathlib.Path(options.results).resolve()
    results.parent.mkdir(parents=True, exist_ok=True)
    if options.report:
        return report.write(results)
    if options.smoke:
        options.rounds = 1
    for number in ENDS:
        signal.signal(number, end)
    servers.Fermata.build = pathlib.Path(options.build).resolve()
    tools = pathlib.Path(options.tools).resolve() if options.tools else servers.Fermata.build / "bin"
    servers.Sink.programs = tools
    look_for_programs(tools)
    kinds = chosen_servers(options.peers)
    size = works.TINY if options.smoke else works.Size(kills=options.kills)
    scenes = [scene for scene in works.SCENES if not options.scene or scene.__name__ in options.scene]
    if options.folder:
        pathlib.Path(options.folder).mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="benchmark-", dir=options.folder or results.parent))
    with open(results, "a") as file:
        def record(scene, work, server, figures):
            line = {"scene": scene, "work": work, "server": server.called(), "durability": server.durability, **figures}
            print(json.dumps(line), file=file, flush=True)
            print(f"{work:50} {server.called():30} {report.shown(figures)}", flush=True)

        print(json.dumps(report.conditions(folder)), file=file)
        bench = works.Bench(tools, folder, size, kinds, record)
        try:
            measure(options, bench, scenes)
        except works.LoadFailed as error:
            raise SystemExit(error)
        finally:
            heed_no_more()  # of what is left to be done, nothing stays behind
            bench.end()
            shutil.rmtree(folder)  # not between rounds: a disk that has just freed many files is slow for a while
    report.write(results)


if __name__ == "__main__":
    main()
