#!/usr/bin/env python3
"""Stores per second: Fermata beside DCMTK's storescp, in turn on the same machine, so that the ratio means something.

usage: stores.py [--rounds 3] [--build build/release] [--tools build/dev]

Every figure is the median of the rounds, with the lowest and highest. storescp never waits for the disk; Fermata answers
only when an object survives a power cut. Both get TCP_NODELAY (Debian's DCMTK needs the environment variable).
"""

import argparse
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = [("CT, 512 KiB", 524288, 1, 400), ("CT, 512 KiB", 524288, 4, 800), ("small, 1.2 KB", 600, 1, 3000),
        ("small, 1.2 KB", 600, 4, 8000), ("small, 1.2 KB", 600, 8, 8000)]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def measure(start, load, rounds_run, pixel_bytes, associations, objects, folder):
    port = free_port()
    process = start(port, folder)
    try:
        wait_for(port)
        subprocess.run([load, str(port), str(associations), str(objects // 10), str(pixel_bytes), str(rounds_run * 2)],
                       check=True, capture_output=True)  # warm
        done = subprocess.run([load, str(port), str(associations), str(objects), str(pixel_bytes), str(rounds_run * 2 + 1)],
                              check=True, capture_output=True, text=True)
        return json.loads(done.stdout)
    finally:
        process.terminate()
        process.wait()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--build", default=str(ROOT / "build" / "release"))
    options.add_argument("--tools", default=str(ROOT / "build" / "dev"))
    options.add_argument("--scale", type=float, default=1.0, help="fraction of the objects, for a quick look")
    options = options.parse_args()
    load = str(pathlib.Path(options.tools).resolve() / "bin" / "store_load")
    fermata = str(pathlib.Path(options.build).resolve() / "bin" / "fermata")

    def start_fermata(port, folder):
        environment = {**os.environ, "FERMATA_DATA": str(folder), "FERMATA_DIMSE_PORT": str(port), "FERMATA_BIND": "127.0.0.1",
                       "FERMATA_ACCOUNTS": "no", "FERMATA_DISCOVERY": "no",
                       "FERMATA_HTTP_PORT": str(free_port())}
        return subprocess.Popen([fermata, "serve", "--config", str(ROOT / "config" / "quickstart.yaml")], env=environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start_storescp(port, folder):
        return subprocess.Popen(["storescp", "--fork", "-pdu", "131072", "-od", str(folder), str(port)],
                                env={**os.environ, "TCP_NODELAY": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    results = []
    work = pathlib.Path(tempfile.mkdtemp(prefix="stores-", dir="."))
    try:
        run = int(time.time()) % 100000
        for name, pixel_bytes, associations, objects in WORK:
            figures = {"fermata": [], "storescp": []}
            for round_number in range(options.rounds):
                for peer, start in (("fermata", start_fermata), ("storescp", start_storescp)):
                    folder = work / f"{peer}-{len(results)}-{round_number}"
                    folder.mkdir()
                    run += 1
                    figures[peer].append(measure(start, load, run, pixel_bytes, associations,
                                                 max(associations, int(objects * options.scale)), folder))
            rates = {p: [f["objects_per_second"] for f in fs] for p, fs in figures.items()}
            mib = {p: statistics.median(f["mib_per_second"] for f in fs) for p, fs in figures.items()}
            ratio = statistics.median(a / b for a, b in zip(rates["fermata"], rates["storescp"]))
            results.append({"work": name, "associations": associations, "rates": rates, "mib_per_second": mib, "ratio": ratio})
            print(f"{name:14} {associations} assoc.  " + "  ".join(
                f"{p} {statistics.median(r):8.0f}/s ({min(r):.0f}-{max(r):.0f}) {mib[p]:6.0f} MiB/s" for p, r in rates.items()) +
                f"  ratio {ratio:.2f}", flush=True)
    finally:
        shutil.rmtree(work)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
