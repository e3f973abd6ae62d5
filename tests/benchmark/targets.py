"""The targets, each with the figure that tells whether it is reached."""

import dataclasses
import statistics
import typing

import orthanc


@dataclasses.dataclass
class Target:
    work: str
    wanted: str
    value: typing.Callable    # of (results, scale): a number, or None if it was not measured
    reached: typing.Callable  # of that number
    unit: str = ""
    beside: typing.Callable = lambda results: {}  # what else is shown of it: figures by name


def rate(work):
    return lambda results, scale: results.median(work, "fermata", "per_second")


def figure(work, key):
    return lambda results, scale: results.median(work, "fermata", key)


def better_than(work, server, key):
    """By which factor Fermata is better than a server."""
    def value(results, scale=None):
        own, other = results.median(work, "fermata", key), results.median(work, server, key)
        if not own or not other:
            return None
        return own / other if key.endswith("per_second") else other / own
    return value


def by_version(work, variants, key):
    """The same for each version of Orthanc, by its name: than that of these variants which does this work best."""
    def values(results):
        found = {}
        for server in results.figures.get(work, {}):
            version, variant = orthanc.spelled(server) or ("", None)
            value = better_than(work, server, key)(results)
            if variant in variants and value:
                name = f"Orthanc {version}".strip()
                found[name] = min(value, found.get(name, value))
        return found
    return values


def times_orthanc(work, wanted, variants, key, limit):
    """The version that does this work best is the one to compare with; the others are shown."""
    versions = by_version(work, variants, key)
    return Target(work, wanted, lambda results, scale: min(versions(results).values(), default=None), at_least(limit), "x", versions)


def highest(key, scenes):
    def value(results, scale):
        values = [v for work, scene in results.scene_of.items() if scene in scenes
                  for v in results.values(work, "fermata", key)]
        return max(values) if values else None
    return value


def worst(works, key):
    def value(results, scale):
        values = [results.median(work, "fermata", key) for work in works]
        return None if None in values else max(values)
    return value


def windows(scale):
    return [line for line in scale if line["kind"] == "window"]


def answers(scale, state="merged"):
    return [line for line in scale if line["kind"] == "answers" and line["state"] == state]


def ingest_ratio(results, scale):
    """The rate in the last tenth of ten million or more by the rate at ten thousand."""
    all_windows = windows(scale)
    first = [w["per_second"] for w in all_windows if w["instances"] <= 10_000]
    if not first or all_windows[-1]["instances"] < 10_000_000:
        return None
    last = [w["per_second"] for w in all_windows if w["instances"] > 0.9 * all_windows[-1]["instances"]]
    return statistics.median(last) / statistics.median(first)


def bytes_beside_headers(results, scale):
    sizes = [line for line in scale if line["kind"] == "sizes"]
    if not sizes:
        return None
    last = sizes[-1]
    return sum(last[f] for f in ("records", "uids", "patients", "keys", "changes")) / last["instances"]


def header_bytes(results, scale):
    sizes = [line for line in scale if line["kind"] == "sizes"]
    return sizes[-1]["headers"] / sizes[-1]["instances"] if sizes else None


def last_answer(key, part):
    def value(results, scale):
        found = answers(scale)
        if not found:
            return None
        keys = [key] if isinstance(key, str) else key
        return max(found[-1][k][part] for k in keys)
    return value


def each(answer):
    """Of a search, the time for each answer: in the made archive a day has more studies the larger it is."""
    return answer["p50_ms"] / max(1, answer["answers"])


def flat(results, scale):
    """The p50 of the key that has slowed down most from a thousand studies to the last size."""
    found = [a for a in answers(scale) if a["studies"] >= 1000]
    if len(found) < 2:
        return None
    return max(each(found[-1][k]) / each(found[0][k]) for k in ("id", "name", "date", "accession"))


def for_each_answer(work):
    def value(results, scale):
        time, operations = results.median(work, "fermata", "p50_ms"), results.median(work, "fermata", "operations")
        return None if time is None else time * operations / results.median(work, "fermata", "answers")
    return value


def at_least(limit):
    return lambda value: value >= limit


def at_most(limit):
    return lambda value: value <= limit


DEFAULT = [""]  # variants of Orthanc
ANY = ["", ", tuned", ", tuned, no sync"]
SINK = "raw sink, file and name synced"
LOADED = ["store", "stow", "find", "large", "retrieve", "metadata", "frame"]


def store_targets():
    for assoc in (1, 4):
        work = f"C-STORE CT, {assoc} assoc."
        yield times_orthanc(work, ">= 3 x Orthanc's default", DEFAULT, "per_second", 3)
        yield Target(work, ">= 85 % of a raw sink with the same syncs", better_than(work, SINK, "per_second"), at_least(0.85), "x")
    for assoc, limit in ((1, 3000), (8, 8000)):
        work = f"C-STORE 1.2 KB, {assoc} assoc."
        yield Target(work, f">= {limit:,}/s", rate(work), at_least(limit), "/s")
        yield times_orthanc(work, ">= 6 x Orthanc's default", DEFAULT, "per_second", 6)


def find_targets():
    for label in ("1,000 studies", "1,000,000 studies"):
        works = [f"C-FIND by {name}, {label}" for name in ("patient ID", "name", "accession")]
        yield Target(f"C-FIND by patient ID, name, accession, {label}", "p50 <= 0.5 ms", worst(works, "p50_ms"), at_most(0.5), "ms")
        yield Target(f"C-FIND by patient ID, name, accession, {label}", "p99 <= 2 ms", worst(works, "p99_ms"), at_most(2), "ms")
        work = f"C-FIND by date, {label}"
        yield Target(work, "p50 for each answer <= 0.5 ms", for_each_answer(work), at_most(0.5), "ms")
        work = f"C-FIND by patient ID, {label}, 8 clients"
        yield Target(work, ">= 5,000/s", rate(work), at_least(5000), "/s")
    yield Target("index: p50 at last size by that at 10,000", "<= 1.2", flat, at_most(1.2), "x")
    yield Target("index: name with a leading *, last size", "<= 20 ms", last_answer("inside", "p50_ms"), at_most(20), "ms")
    yield Target("index: any page of the list, newest first, last size", "<= 10 ms",
                 last_answer(["first_page", "middle_page", "last_page"], "p50_ms"), at_most(10), "ms")


def retrieve_targets():
    for name, connections, key in (("C-GET study, 200 CT", 1, None), ("C-GET study, 200 CT", 4, None),
                                   ("C-MOVE study, 200 CT", 1, None), ("WADO-RS study, 200 CT", 1, None),
                                   ("WADO-RS study, 200 CT", 4, None)):
        work = f"{name}, {connections} conn."
        yield times_orthanc(work, ">= 1.5 x Orthanc", ANY, "mb_per_second", 1.5)
    for instances in ("200", "1,000", "10,000"):
        first = f"WADO-RS metadata, {instances} instances, first view"
        again = f"WADO-RS metadata, {instances} instances, again"
        yield times_orthanc(first, ">= 20 x Orthanc", ANY, "p50_ms", 20)
        yield times_orthanc(again, ">= 4 x Orthanc", ANY, "p50_ms", 4)
        yield Target(first, "first byte <= 5 ms", figure(first, "first_byte_p50_ms"), at_most(5), "ms")
    yield Target("frame of an object of 1,000", "<= 3 ms", figure("frame of an object of 1,000", "p50_ms"), at_most(3), "ms")
    for connections in (1, 4):
        work = f"STOW-RS CT, 10 in a request, {connections} conn."
        yield times_orthanc(work, ">= 3 x Orthanc", ANY, "mb_per_second", 3)


def other_targets():
    yield Target("index: rate of ingest at 10 million instances by that at 10,000", ">= 0.8", ingest_ratio, at_least(0.8), "x")
    yield Target("index: bytes an instance beside its header", "<= 250", bytes_beside_headers, at_most(250), "B")
    yield Target("index: bytes of a header, compressed", "<= 300", header_bytes, at_most(300), "B")
    yield Target("memory when idle", "< 60 MB", figure("memory when idle", "peak_rss_mib"), at_most(57), "MiB")
    yield Target("memory, highest of all loads", "< 300 MB", highest("peak_rss_mib", LOADED), at_most(286), "MiB")
    yield Target("delete a study of 5,000", "< 100 ms", figure("delete a study of 5,000", "max_ms"), at_most(100), "ms")
    yield Target("store while they are purged", ">= 90 % of what it is else", figure("store while they are purged", "share"),
                 at_least(0.9), "x")
    for after, limit in (("a clean stop", 1), ("a kill", 5)):
        work = f"start, 1,000,000 studies, after {after}"
        yield Target(work, f"< {limit} s", figure(work, "seconds"), at_most(limit), "s")
    yield Target("kill -9 while storing: acknowledged objects lost", "0",
                 figure("kill -9 while storing", "lost"), at_most(0), "")


def all_targets():
    for group in (store_targets, find_targets, retrieve_targets, other_targets):
        yield from group()


def shown(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def table(results, scale):
    size = f"{answers(scale)[-1]['instances']:,} instances" if answers(scale) else "the last size"
    lines = ["| work | target | measured | reached |", "|---|---|---|---|"]
    for target in all_targets():
        value = target.value(results, scale)
        measured = "not measured" if value is None else f"{shown(value)} {target.unit}".strip()
        beside = target.beside(results)
        if len(beside) > 1:
            measured += " (" + ", ".join(f"{name}: {shown(number)}" for name, number in beside.items()) + ")"
        verdict = "" if value is None else "yes" if target.reached(value) else "**no**"
        lines.append(f"| {target.work.replace('last size', size)} | {target.wanted} | {measured} | {verdict} |")
    return lines
