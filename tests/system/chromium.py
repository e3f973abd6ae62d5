"""A headless Chromium for tests of web pages: Debian's browser, driven by playwright-core (see browser/drive.mjs)."""

import json
import pathlib
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest

FOLDER = pathlib.Path(__file__).parent / "browser"


def missing():
    """What is not installed, or None."""
    if shutil.which("chromium") is None:
        return "chromium is not installed"
    if shutil.which("node") is None or not (FOLDER / "node_modules" / "playwright-core").is_dir():
        return "playwright-core is not installed: run npm ci in tests/system/browser"
    return None


class Chromium:
    """One page of a browser. Its methods are the commands of drive.mjs, such as `browser.open(url=...)`."""

    def __init__(self):
        self.process = subprocess.Popen(["node", str(FOLDER / "drive.mjs"), shutil.which("chromium")], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __getattr__(self, command):
        def run(**arguments):
            self.process.stdin.write(json.dumps({"command": command, **arguments}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            assert line, "the browser ended"
            answer = json.loads(line)
            assert "error" not in answer, f"{command} {arguments}: {answer['error']}"
            return answer["value"]
        return run

    def hosts(self):
        """Every host that a page asked something of, whether it answered or not; without the browser's own pages."""
        urls = [urlsplit(request["url"]) for request in self.seen()["requests"]]
        return {url.netloc for url in urls if url.scheme not in ("blob", "data", "chrome", "chrome-extension")}

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def browser():
    reason = missing()
    if reason:
        pytest.skip(reason)
    running = Chromium()
    yield running
    running.close()
