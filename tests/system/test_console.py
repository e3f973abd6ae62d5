"""Commands in a terminal, beside the archive that serves."""

import threading
import urllib.error
import urllib.request

from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from conftest import free_port
from objects import ct_bytes
from upper_layer import C_MOVE, CT, EXPLICIT, IMPLICIT, STUDY_ROOT_MOVE


def store(archive, study, count):
    series = generate_uid()
    with archive.associate([(CT, [EXPLICIT])]) as a:
        for i in range(count):
            uid, data = ct_bytes(study, series, i, side=16)
            assert a.store(1, CT, uid, data).Status == 0


def delete(archive, study):
    request = urllib.request.Request(f"{archive.url}/dicom-web/studies/{study}", method="DELETE")
    with urllib.request.urlopen(request) as answer:
        assert answer.status in (200, 204)


def test_what_comes_and_goes_while_everything_is_compared_is_no_problem(make_archive):
    archive = make_archive().start()
    archive.wait_until_ready()
    kept = generate_uid()
    store(archive, kept, 20)
    ended, failures = threading.Event(), []

    def busy():
        try:
            while not ended.is_set():
                study = generate_uid()
                store(archive, study, 5)
                delete(archive, study)
        except (Exception, AssertionError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=busy) for _ in range(3)]
    for thread in threads:
        thread.start()
    outputs = [archive.run("verify").stdout for _ in range(10)]
    ended.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert all(" 0 problems\n" in output for output in outputs), outputs

    damaged = archive.objects()[0]
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    found = archive.run("verify", check=False)
    assert found.returncode == 1
    assert f"{damaged.name}: its checksum is not the one at receipt\n" in found.stdout and " 1 problems\n" in found.stdout
    archive.wait_for_log("a command is run for a user of this machine command=verify")
    assert archive.stop() == 0


def test_every_verb_has_help_and_names_an_option_that_it_does_not_have(make_archive):
    archive = make_archive(FERMATA_ACCOUNTS="yes")
    listed = archive.run("commands").stdout
    verbs = [line.split()[0] for line in listed.splitlines() if not line.startswith("commands ")]
    assert {"reindex", "verify", "backup", "restore", "import", "user", "nodes"} <= set(verbs), listed

    def ask():
        for verb in verbs:
            shown = archive.run(verb, "--help", check=False)
            assert shown.returncode == 0 and f"Usage\nfermata {verb}" in shown.stdout and not shown.stderr, (verb, shown)
            wrong = archive.run(verb, "x", "--fast=2", check=False)
            said = f'fermata {verb} has no option "--fast=2" (fermata {verb} --help says more)'
            assert wrong.returncode == 64 and said in wrong.stderr and not wrong.stdout, (verb, wrong)

    ask()
    assert not archive.objects()
    archive.start()
    archive.wait_until_ready()
    ask()
    near = archive.run("import", "/nowhere", "--dry-rum", check=False)
    assert near.returncode == 64 and 'did you mean "--dry-run"?' in near.stderr
    assert archive.stop() == 0


def test_a_node_that_is_added_in_a_terminal_is_known_at_once(make_archive):
    archive = make_archive().start()
    archive.wait_until_ready()
    study = generate_uid()
    store(archive, study, 1)
    wanted = Dataset()
    wanted.QueryRetrieveLevel, wanted.StudyInstanceUID = "STUDY", study

    def move():
        with archive.associate([(STUDY_ROOT_MOVE, [IMPLICIT])]) as a:
            return a.retrieve(C_MOVE, STUDY_ROOT_MOVE, wanted, destination="LATER").Status

    assert move() == 0xA801
    archive.run("nodes", "add", f"LATER@127.0.0.1:{free_port()}")
    assert "LATER" in archive.run("nodes").stdout
    assert move() != 0xA801  # it is called; nobody listens there
    archive.run("nodes", "remove", "LATER")
    assert move() == 0xA801
    wrong = archive.run("nodes", "add", check=False)
    assert wrong.returncode == 1 and "usage:" in wrong.stderr
    assert archive.stop() == 0
