"""Plots as SVG, drawn by hand: a few lines, axes with few ticks, a legend. No library is needed to make the handbook."""

import html
import math
import statistics

import orthanc

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 360, 70, 190, 40, 50
COLOURS = ["#0b6e99", "#d1495b", "#3a7d44", "#8e5ea2", "#c98a00", "#7a4a2b", "#555555", "#e58fb1"]


def tick_text(value):
    for limit, unit in ((1e6, " M"), (1e3, " k")):
        if value >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"


def decades(low, high):
    return [10.0 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def even_steps(high):
    step = 10 ** math.floor(math.log10(high)) if high > 0 else 1
    while high / step < 4:
        step /= 2
    return [step * i for i in range(math.ceil(high / step) + 1)]


class Axis:
    def __init__(self, values, log, start, end):
        self.log, self.start, self.end = log, start, end
        self.ticks = decades(min(values), max(values)) if log else even_steps(max(values))
        if len(self.ticks) == 1:
            self.ticks.append(self.ticks[0] * 10)

    def place(self, value):
        scale = math.log10 if self.log else float
        low, high = scale(self.ticks[0]), scale(self.ticks[-1])
        return self.start + (scale(value) - low) / (high - low) * (self.end - self.start)


def lines_plot(title, x_title, y_title, series, log_y=True):
    """`series`: name -> [(x, y), ...]. Along x the scale is logarithmic."""
    series = {name: [(x, y) for x, y in points if y > 0 or not log_y] for name, points in series.items()}
    series = {name: points for name, points in series.items() if points}
    if not series:
        return None
    x_axis = Axis([x for points in series.values() for x, _ in points], True, LEFT, WIDTH - RIGHT)
    y_axis = Axis([y for points in series.values() for _, y in points], log_y, HEIGHT - BOTTOM, TOP)
    parts = frame(title, x_title, y_title)
    for tick in x_axis.ticks:
        x = x_axis.place(tick)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" class="grid"/>'
                     f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{tick_text(tick)}</text>')
    parts += y_ticks(y_axis)
    for number, (name, points) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x_axis.place(x):.1f},{y_axis.place(y):.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        if len(points) < 30:
            parts += [f'<circle cx="{x_axis.place(x):.1f}" cy="{y_axis.place(y):.1f}" r="2.6" fill="{colour}"/>'
                      for x, y in points]
        parts.append(legend(number, name, colour))
    return finish(parts)


def bars_plot(title, y_title, bars):
    """`bars`: {group: {name: (low, middle, high)}}; the thin line goes from the lowest round to the highest."""
    names = list(dict.fromkeys(name for group in bars.values() for name in group))
    if not names:
        return None
    y_axis = Axis([high for group in bars.values() for _, _, high in group.values()], False, HEIGHT - BOTTOM, TOP)
    parts = frame(title, "", y_title) + y_ticks(y_axis)
    room = (WIDTH - LEFT - RIGHT) / len(bars)
    bar = room * 0.8 / len(names)
    for place, (group, values) in enumerate(bars.items()):
        left = LEFT + place * room + room * 0.1
        parts.append(f'<text x="{left + room * 0.4:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{html.escape(group)}</text>')
        for name, (low, middle, high) in values.items():
            number = names.index(name)
            x, y = left + number * bar, y_axis.place(middle)
            centre = x + bar / 2
            parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{bar * 0.9:.1f}" height="{HEIGHT - BOTTOM - y:.1f}" '
                         f'fill="{COLOURS[number % len(COLOURS)]}"/>'
                         f'<line x1="{centre:.1f}" y1="{y_axis.place(low):.1f}" x2="{centre:.1f}" '
                         f'y2="{y_axis.place(high):.1f}" stroke="#222"/>')
    parts += [legend(number, name, COLOURS[number % len(COLOURS)]) for number, name in enumerate(names)]
    return finish(parts)


def frame(title, x_title, y_title):
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(title)}">',
            '<style>text{font:12px sans-serif;fill:#333}.grid{stroke:#ddd}</style>',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<text x="{LEFT}" y="22" style="font-weight:bold">{html.escape(title)}</text>',
            f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">{html.escape(x_title)}</text>',
            f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">{html.escape(y_title)}</text>']


def y_ticks(axis):
    return [f'<line x1="{LEFT}" y1="{axis.place(t):.1f}" x2="{WIDTH - RIGHT}" y2="{axis.place(t):.1f}" class="grid"/>'
            f'<text x="{LEFT - 6}" y="{axis.place(t) + 4:.1f}" text-anchor="end">{tick_text(t)}</text>' for t in axis.ticks]


def legend(number, name, colour):
    y = TOP + 8 + 20 * number
    return (f'<rect x="{WIDTH - RIGHT + 14}" y="{y}" width="12" height="12" fill="{colour}"/>'
            f'<text x="{WIDTH - RIGHT + 32}" y="{y + 10}">{html.escape(name)}</text>')


def finish(parts):
    return "\n".join([*parts, "</svg>", ""])


def rounds_of(results, works, label_of, key):
    """For bars_plot: what has a label is shown, the versions of Orthanc each by itself."""
    bars = {}
    for group, work in works.items():
        found = {label_of(server): results.values(work, server, key) for server in sorted(results.figures.get(work, {}), key=place)}
        found = {label: (min(v), statistics.median(v), max(v)) for label, v in found.items() if label and v}
        if found:
            bars[group] = found
    return bars


def place(server):
    """Fermata, the Orthancs by their versions, the others."""
    version, _ = orthanc.spelled(server) or ("", "")
    return (server != "fermata", version == "", version)


def storing(server):
    version, variant = orthanc.spelled(server) or (None, None)
    variants = {"": "", ", tuned": ", tuned", ", tuned, no sync": ", no sync"}
    if variant in variants:
        return f"Orthanc {version}".strip() + variants[variant]
    return {"fermata": "Fermata", "raw sink, file and name synced": "raw sink, synced"}.get(server)


def reading(server):
    """They were asked of one variant of each Orthanc."""
    version, _ = orthanc.spelled(server) or (None, None)
    if version is not None:
        return f"Orthanc {version}".strip()
    return {"fermata": "Fermata", "dcmqrscp": "dcmqrscp"}.get(server)


def write(results, scale, folder):
    answers = [line for line in scale if line["kind"] == "answers" and line["state"] == "merged"]
    windows = [line for line in scale if line["kind"] == "window"]
    sizes = [line for line in scale if line["kind"] == "sizes"]
    asked = {"id": "patient ID", "name": "name", "date": "date", "accession": "accession", "inside": "*name",
             "middle_page": "page, newest first"}
    families = {"headers": "headers", "records": "records", "keys": "search keys", "uids": "UIDs", "changes": "changes"}
    drawn = {
        "store-ct.svg": bars_plot("C-STORE of CT images", "images a second", rounds_of(
            results, {f"{n} assoc.": f"C-STORE CT, {n} assoc." for n in (1, 4)}, storing, "per_second")),
        "store-small.svg": bars_plot("C-STORE of 1.2 KB objects", "objects a second", rounds_of(
            results, {f"{n} assoc.": f"C-STORE 1.2 KB, {n} assoc." for n in (1, 4, 8)}, storing, "per_second")),
        "retrieve.svg": bars_plot("Retrieving a study of 200 CT images", "MB a second", rounds_of(
            results, {"C-GET, 1": "C-GET study, 200 CT, 1 conn.", "C-GET, 4": "C-GET study, 200 CT, 4 conn.",
                      "C-MOVE": "C-MOVE study, 200 CT, 1 conn.", "WADO, 1": "WADO-RS study, 200 CT, 1 conn.",
                      "WADO, 4": "WADO-RS study, 200 CT, 4 conn."}, reading, "mb_per_second")),
        "ingest.svg": lines_plot("Ingest as the index grows", "instances in the index", "instances a second", {
            "as seen": [(w["instances"], w["per_second"]) for w in windows],
            "of processor time": [(w["instances"], 1000 / w["cpu_ms"]) for w in windows if "cpu_ms" in w]}),
        "ingest-latency.svg": lines_plot("Time of one ingest as the index grows", "instances in the index", "ms", {
            name: [(w["instances"], w[key]) for w in windows]
            for key, name in (("p50_ms", "p50"), ("p99_ms", "p99"), ("p999_ms", "p99.9"))}),
        "find.svg": lines_plot("Searching as the archive grows (p50)", "instances", "ms", {
            name: [(a["instances"], a[key]["p50_ms"]) for a in answers] for key, name in asked.items()}),
        "size.svg": lines_plot("Size of the index for each instance", "instances in the index", "bytes", {
            name: [(s["instances"], s[key] / s["instances"]) for s in sizes] for key, name in families.items()}, log_y=False),
    }
    for name, text in drawn.items():
        if text:
            (folder / name).write_text(text)
