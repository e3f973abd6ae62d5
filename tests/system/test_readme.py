"""The README's commands, run as they stand there: only ports, and the folder of the build, are this test's own."""

import json
import pathlib
import re
import subprocess
import textwrap
import urllib.request

import pytest
import yaml

from conftest import BUILD, ROOT, free_port

BLOCK = re.compile(r"<!-- tested -->\n```sh\n(?P<commands>.*?)```\n(?:```text\n(?P<output>.*?)```\n)?", re.S)


def blocks(text):
    return list(BLOCK.finditer(text))


def run(commands, folder, environment):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=folder, env=environment, timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    assert done.returncode == 0, f"{commands}\n{done.stdout}"
    return done.stdout


def choose_password(archive, password):
    """As the reader does: opens the link that the first start shows."""
    token = re.search(rf"{archive.url}/[?]setup=([\w-]+)", archive.log.read_text())[1]
    chosen = json.dumps({"token": token, "name": "admin", "display_name": "", "password": password}).encode()
    request = urllib.request.Request(f"{archive.url}/api/setup", chosen, {"Content-Type": "application/json"})
    assert json.load(urllib.request.urlopen(request))["user"]["role"] == "administrator"


def test_the_readme_shows_what_happens(make_archive, tmp_path):
    text = (ROOT / "README.md").read_text()
    mover = free_port()
    archive = make_archive(FERMATA_NODES=f"MOVESCU@127.0.0.1:{mover}", FERMATA_ACCOUNTS="yes").start()
    archive.wait_until_ready()
    choose_password(archive, "the password you chose")
    variables = ""
    shown = blocks(text)
    assert len(shown) >= 5
    for block in shown:
        commands = block["commands"].replace(" 11112", f" {archive.port}").replace(" 11113", f" {mover}")
        commands = commands.replace("127.0.0.1:8080", f"127.0.0.1:{archive.http_port}")
        commands = commands.replace("build/release", str(BUILD)).replace("config/", f"{ROOT}/config/")
        output = run(variables + commands, tmp_path, archive.environment)
        variables += "".join(re.findall(r"^[A-Z]+=.*\n", commands, re.M))
        for line in (block["output"] or "").splitlines():
            assert line in output, f"{commands}\n{output}"
    assert (tmp_path / "first-image.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "first-image.jpg").read_bytes().startswith(b"\xff\xd8")
    assert [p.name for p in (tmp_path / "moved").iterdir()] == [p.name for p in (tmp_path / "got").iterdir()]
    assert "MOVESCU" in output  # what the last block shows


DOCUMENTS = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if not d.startswith(("changes/", "sdk/template/"))] or ["README.md"])
def test_what_documents_point_to_exists(document):
    path = ROOT / document
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.S | re.M)
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (path.parent / target).exists(), target
    for name in re.findall(r"`((?:host|sdk|plugins|config|packaging|docs|tests)/[\w./-]+)`", text):
        assert (ROOT / name).exists() or (path.parent / name).exists(), name
    headings = {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)}
    for anchor in re.findall(r"\]\(#([^)]*)\)", text):
        assert anchor in headings, anchor


FOLDERS = sorted({pathlib.Path(d).parent for d in DOCUMENTS if re.match(r"(host|plugins/[^/]+|plugins/libraries/[^/]+|plugins/codecs/rendering)/README.md$", d)})


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_the_readme_of_a_folder_names_its_files(folder):
    """Those of its folders too, unless they have a README of their own; and no file that has gone."""
    listed = subprocess.run(["git", "ls-files", "*.cpp", "*.hpp"], cwd=ROOT / folder, capture_output=True, text=True).stdout.split()
    paths = [pathlib.Path(name) for name in listed]
    own = {path.stem for path in paths if not any((ROOT / folder / p / "README.md").exists() for p in path.parents if p.name)}
    text = (ROOT / folder / "README.md").read_text()
    named = set(re.findall(r"`(?:\w+/)*(\w+)(?:\.\w+|\.\*)?`", text))
    unnamed = {path.stem for path in paths if "tests" not in path.parts and path.stem in own} - named - {"plugin"}
    assert not unnamed, f"{folder}/README.md does not say what these are: {unnamed}"
    order = re.search(r"^(?:## )?Files,? in reading order.*?(?=^## |\n\nT|\Z)", text, re.S | re.M)
    gone = set(re.findall(r"`([a-z0-9_]+)(?:\.[ch]pp|\.\*)?`", order[0] if order else "")) - {path.stem for path in paths}
    gone = {name for name in gone if "_" in name}
    assert not gone, f"{folder}/README.md names files that are not there: {gone}"


SNIPPET = re.compile(r"^```yaml\n(.*?)^```", re.S | re.M)
PROMETHEUS = "scrape_configs"


def snippets():
    for document in [d for d in DOCUMENTS if d == "README.md" or d.startswith("docs/") and not d.startswith("docs/plugins/")]:
        for number, found in enumerate(SNIPPET.finditer((ROOT / document).read_text())):
            yield pytest.param(textwrap.dedent(found[1]), id=f"{document}-{number}")


def merged(whole, part):
    if not isinstance(whole, dict) or not isinstance(part, dict):
        return part
    return {**whole, **{name: merged(whole.get(name), value) for name, value in part.items()}}


@pytest.mark.parametrize("text", snippets())
def test_what_the_pages_put_into_a_configuration_is_right(tmp_path, text):
    """As it stands, and with every line that is shown commented out."""
    for variant in {text, re.sub(r"^( *)# (?=[a-z_]+: )", r"\1", text, flags=re.M)}:
        part = yaml.safe_load(variant)
        assert isinstance(part, dict), variant
        if PROMETHEUS in part:
            assert part[PROMETHEUS][0]["static_configs"][0]["targets"], variant
            continue
        plugins = part.get("plugins", part)
        if set(plugins) <= {"before", "after", "keep", "destination", "at", "every"}:
            plugins = {"backup": {"config": plugins}}
        config = tmp_path / "fermata.yaml"
        config.write_text(yaml.safe_dump(merged(yaml.safe_load((ROOT / "config" / "quickstart.yaml").read_text()), {"plugins": plugins})))
        done = subprocess.run([str(BUILD / "bin" / "fermata"), "check", "--config", str(config)], capture_output=True, text=True, timeout=60,
                              env={"PATH": "/usr/bin:/bin", "FERMATA_MAIL_PASSWORD": "secret", "FERMATA_DATA": str(tmp_path)})
        assert done.returncode == 0, variant + done.stdout + done.stderr
