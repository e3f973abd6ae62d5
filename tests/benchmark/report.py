"""Tables and plots from the files of results that run.py and scale.py leave."""

import collections
import json
import os
import statistics

import plots
import targets

# Of which report.json has medians.
FIGURES = [("per_second", "/s"), ("mb_per_second", "MB/s"), ("p50_ms", "p50 ms"), ("p99_ms", "p99 ms"),
           ("first_byte_p50_ms", "first byte ms"), ("server_cpu_ms", "CPU ms each"), ("seconds", "s"), ("peak_pss_mib", "PSS MiB"), ("peak_rss_mib", "RSS MiB")]

TITLES = dict(FIGURES, max_ms="highest ms", share="share of the rate without", kills="kills", acknowledged="acknowledged", lost="lost")


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def shown(figures):
    if "failed" in figures:
        return "failed: " + figures["failed"][:100]
    return "  ".join(f"{number(figures[key])} {unit}" for key, unit in TITLES.items() if key in figures)


def conditions(folder):
    """Under which the figures of a run were seen."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    mount = max((line.split() for line in open("/proc/mounts") if str(folder).startswith(line.split()[1])),
                key=lambda fields: len(fields[1]))
    return {"conditions": {"processors": os.cpu_count(), "memory_gib": memory, "file_system": mount[2]}}


class Results:
    """figures[work][server] is a list with one entry a round."""

    def __init__(self, path):
        self.figures = collections.defaultdict(lambda: collections.defaultdict(list))
        self.scene_of, self.durability, self.conditions = {}, {}, {}
        for line in path.read_text().splitlines() if path.exists() else []:
            entry = json.loads(line)
            if "conditions" in entry:
                self.conditions = entry["conditions"]
                continue
            self.figures[entry["work"]][entry["server"]].append(entry)
            self.scene_of[entry["work"]] = entry["scene"]
            self.durability[entry["server"]] = entry["durability"]

    def values(self, work, server, key):
        return [f[key] for f in self.figures.get(work, {}).get(server, []) if key in f]

    def median(self, work, server, key):
        values = self.values(work, server, key)
        return statistics.median(values) if values else None


def ranged(values):
    if not values:
        return "-"
    middle = number(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({number(min(values))}-{number(max(values))})"


def ratio(results, work, server, key):
    """Fermata's figure by the server's: above 1 means that Fermata is better."""
    own, other = results.median(work, "fermata", key), results.median(work, server, key)
    if not own or not other or server == "fermata":
        return ""
    return f"{own / other:.2f}" if key.endswith("per_second") else f"{other / own:.2f}"


RATE, VOLUME, TIME, CPU, MEMORY = "per_second", "mb_per_second", "p50_ms", "server_cpu_ms", "peak_rss_mib"
# What a scene is about, and what else is shown of it.
COLUMNS = {
    "store": [RATE, VOLUME, "p99_ms", CPU, "peak_pss_mib", MEMORY],
    "stow": [VOLUME, RATE, "p99_ms", CPU, MEMORY],
    "find": [TIME, "p99_ms", RATE, CPU],
    "large": [TIME, "p99_ms", RATE, CPU, MEMORY],
    "retrieve": [VOLUME, TIME, "first_byte_p50_ms", CPU, MEMORY],
    "metadata": [TIME, "first_byte_p50_ms", CPU],
    "frame": [TIME, "p99_ms", CPU, MEMORY],
    "idle": ["peak_pss_mib", MEMORY, "seconds"],
    "delete": [TIME, "max_ms", RATE, "share"],
    "start": ["seconds"],
    "crash": ["kills", "acknowledged", "lost"],
}


def scene_table(results, scene):
    columns = COLUMNS[scene]
    durable = scene in ("store", "stow")  # there it is part of what was done
    lines = ["| work | server | " + ("durability | " if durable else "") + " | ".join(TITLES[c] for c in columns) +
             " | Fermata is better by | by CPU time |", "|---|---|" + "---|" * (len(columns) + 2 + durable)]
    for work, by_server in results.figures.items():
        if results.scene_of[work] != scene:
            continue
        for server, entries in by_server.items():
            begin = f"| {work} | {server} | " + (f"{results.durability[server]} | " if durable else "")
            if all("failed" in e for e in entries):
                lines.append(begin + "fails |" + " |" * (len(columns) + 1))
                continue
            cells = [ranged(results.values(work, server, c)) for c in columns]
            lines.append(begin + " | ".join(cells) + f" | {ratio(results, work, server, columns[0])} | "
                         f"{ratio(results, work, server, CPU)} |")
    return lines


def heading(results):
    rounds = max((len(e) for by in results.figures.values() for e in by.values()), default=0)
    machine = "{processors} processors, {memory_gib} GiB, {file_system}".format(**results.conditions)
    seen = "One round." if rounds == 1 else f"Medians of up to {rounds} rounds (lowest-highest)."
    return f"{seen} {machine}; client and server share them."


def durability_table(results):
    return ["| server | an answer to a C-STORE means |", "|---|---|",
            *(f"| {server} | {text} |" for server, text in results.durability.items())]


def markdown(results, scale):
    lines = [heading(results), ""]
    for scene in dict.fromkeys(results.scene_of.values()):
        lines += [f"### {scene}", "", *scene_table(results, scene), ""]
    return "\n".join([*lines, "### durability", "", *durability_table(results), "", "### targets", "",
                      *targets.table(results, scale), ""])


def scale_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def write(path):
    """Beside the results: report.md, report.json and the plots."""
    if not path.exists():
        raise SystemExit(f"there are no results in {path}")
    results, scale = Results(path), scale_lines(path.parent / "scale.jsonl")
    text = markdown(results, scale)
    (path.parent / "report.md").write_text(text)
    medians = {work: {server: {key: results.median(work, server, key) for key, _ in FIGURES
                               if results.values(work, server, key)} for server in by}
               for work, by in results.figures.items()}
    (path.parent / "report.json").write_text(json.dumps({"conditions": results.conditions, "medians": medians}, indent=1))
    plots.write(results, scale, path.parent)
    print(text)
