"""What viewers of the OsiriX family (OsiriX, Horos, Osiri-LXIV) send, item by item, and what they need back."""

import struct
import threading
import time

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

import osirix_contexts
from conftest import free_port
from objects import ct_bytes, valid_part10_files
from upper_layer import (BIG_ENDIAN, C_GET, C_MOVE, C_STORE, CT, EXPLICIT, IMPLICIT, SECONDARY_CAPTURE, STUDY_ROOT_FIND,
                         STUDY_ROOT_GET, STUDY_ROOT_MOVE, VERIFICATION, Association, Rejected, command, decode, encode,
                         read_part10)

QUERY_SYNTAXES = [EXPLICIT, IMPLICIT, BIG_ENDIAN, "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.70",
                  "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.100"]
SEND_CONTEXTS = [pair for uid in osirix_contexts.SEND for pair in ((uid, [EXPLICIT]), (uid, [BIG_ENDIAN, IMPLICIT]))]
GET_CONTEXTS = [(STUDY_ROOT_GET, QUERY_SYNTAXES)] + [(uid, QUERY_SYNTAXES) for uid in osirix_contexts.GET]
MAC = "Johns-MacBook-Pr"


def study_query(**filters):
    """The STUDY level request of the query window: every key, empty unless filtered."""
    identifier = Dataset()
    identifier.SpecificCharacterSet = "ISO_IR 100"
    identifier.QueryRetrieveLevel = "STUDY"
    for name in ("StudyDate", "StudyTime", "AccessionNumber", "ModalitiesInStudy", "InstitutionName", "ReferringPhysicianName",
                 "StudyDescription", "PerformingPhysicianName", "PatientName", "PatientID", "PatientBirthDate",
                 "StudyInstanceUID", "StudyID", "NumberOfStudyRelatedInstances", "StudyComments"):
        setattr(identifier, name, filters.pop(name, None if name.startswith("Number") else ""))
    identifier.add_new(0x40080212, "CS", filters.pop("InterpretationStatusID", ""))
    assert not filters
    return identifier


def send(archive, objects, contexts=SEND_CONTEXTS, fallback=False):
    with archive.associate(contexts, calling=MAC, called="whatever") as a:
        for uid, data in objects:
            syntax = IMPLICIT if fallback else EXPLICIT
            context = a.context(CT, syntax)
            assert a.store(context, CT, uid, data).Status == 0
        return a


def find(archive, identifier):
    with archive.associate([(STUDY_ROOT_FIND, QUERY_SYNTAXES)], calling=MAC) as a:
        answers, status = a.find(identifier)
        assert status == 0
        return answers


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """One archive for the tests that only read: two studies, one of them with 25 images in two series."""
    from conftest import Archive
    archive = Archive(tmp_path_factory.mktemp("osirix")).start()
    send(archive, [ct_bytes("1.2.10", "1.2.10.1", n) for n in range(1, 21)] +
         [ct_bytes("1.2.10", "1.2.10.2", n) for n in range(1, 6)])
    send(archive, [ct_bytes("1.2.11", "1.2.11.1", 1, PatientName="Mueller^Ruediger", PatientID="P2", Modality="MR",
                            StudyDate="20240105", StudyTime="030000")])
    yield archive
    assert archive.stop() == 0


def test_send_proposes_128_contexts_in_9606_bytes_and_all_are_accepted_without_big_endian(filled):
    with filled.associate(SEND_CONTEXTS, calling=MAC) as a:
        assert a.request_length == 9606 and len(a.contexts) == 128
        for number in range(64):
            assert a.contexts[4 * number + 1][1] == EXPLICIT
            assert a.contexts[4 * number + 3][1] == IMPLICIT


def test_any_called_ae_title_and_a_mixed_case_calling_one_with_a_hyphen(filled):
    for called in ("PACS (2)", "fermata", "A", "SIXTEEN-CHARS-16"):
        with filled.associate([(VERIFICATION, [IMPLICIT])], calling=MAC, called=called) as a:
            assert a.echo() == 0


def test_pdus_to_a_peer_that_takes_16384_bytes_are_no_longer(filled):
    with filled.associate(GET_CONTEXTS, calling=MAC, maximum_pdu=16384) as a:
        longest = 0
        original = a._pdu

        def measured():
            nonlocal longest
            kind, body = original()
            longest = max(longest, len(body))
            return kind, body

        a._pdu = measured
        identifier = Dataset()
        identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", "1.2.10"
        assert a.retrieve(C_GET, STUDY_ROOT_GET, identifier).Status == 0
        assert 0 < longest <= 16384


def test_the_fallback_context_is_used_in_implicit_vr(make_archive):
    archive = make_archive().start()
    uid, data = ct_bytes("1.2.20", "1.2.20.1", 1)
    implicit = encode(decode(data, EXPLICIT), IMPLICIT)
    send(archive, [(uid, implicit)], fallback=True)
    with archive.associate([(STUDY_ROOT_GET, QUERY_SYNTAXES), (CT, [IMPLICIT])]) as a:
        got = []
        identifier = Dataset()
        identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", "1.2.20"
        assert a.retrieve(C_GET, STUDY_ROOT_GET, identifier, on_store=lambda c, m, d: got.append(d)).Status == 0
    assert got == [implicit]


def test_a_find_context_with_ten_transfer_syntaxes_gets_an_uncompressed_one(filled):
    with filled.associate([(STUDY_ROOT_FIND, QUERY_SYNTAXES)]) as a:
        assert a.contexts[1][1] in (EXPLICIT, IMPLICIT)


def test_private_structured_reports_are_kept_verbatim(make_archive):
    archive = make_archive().start()
    basic_text_sr = "1.2.840.10008.5.1.4.1.1.88.11"
    sent = {}
    with archive.associate(SEND_CONTEXTS, calling=MAC) as a:
        for number in range(5002, 5007):
            report = Dataset()
            report.SOPClassUID, report.SOPInstanceUID = basic_text_sr, generate_uid()
            report.Modality, report.SeriesDescription = "SR", "OsiriX ROI SR"
            report.PatientName, report.PatientID = "Doe^Jane", "P1"
            report.StudyInstanceUID, report.SeriesInstanceUID = "1.2.30", f"1.2.30.{number}"
            report.SeriesNumber = number
            report.add_new(0x00420011, "OB", bytes(range(256)) * 1024)
            report.add_new(0x00710010, "LO", "OSIRIX")
            report.add_new(0x00711011, "UN", b"typedstream")
            data = encode(report, EXPLICIT)
            sent[report.SOPInstanceUID] = data
            assert a.store(a.context(basic_text_sr, EXPLICIT), basic_text_sr, report.SOPInstanceUID, data).Status == 0
            assert a.store(a.context(basic_text_sr, EXPLICIT), basic_text_sr, report.SOPInstanceUID, data).Status == 0
    answer, = find(archive, study_query(StudyInstanceUID="1.2.30"))
    assert answer.NumberOfStudyRelatedInstances == 5
    with archive.associate(GET_CONTEXTS, calling=MAC) as a:
        got = {}
        identifier = Dataset()
        identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", "1.2.30"
        assert a.retrieve(C_GET, STUDY_ROOT_GET, identifier,
                          on_store=lambda c, m, d: got.__setitem__(m.AffectedSOPInstanceUID, d)).Status == 0
    assert got == sent


@pytest.mark.parametrize("filters, studies", [
    (dict(), {"1.2.10", "1.2.11"}),
    (dict(PatientName="doe*"), {"1.2.10"}),
    (dict(PatientName="doe ja*"), {"1.2.10"}),
    (dict(PatientName="mueller*"), {"1.2.11"}),
    (dict(PatientName="Müller*"), set()),  # another spelling is another name: accents fold, ue does not become u
    (dict(ReferringPhysicianName="ref*"), {"1.2.10", "1.2.11"}),
    (dict(InstitutionName="Hosp*"), {"1.2.10", "1.2.11"}),
    (dict(StudyDescription="Thor*"), {"1.2.10", "1.2.11"}),
    (dict(PatientID="P2"), {"1.2.11"}),
    (dict(PatientBirthDate="-19800101"), {"1.2.10", "1.2.11"}),
    (dict(PatientBirthDate="19800101-"), set()),
    (dict(StudyDate="20240102-20240102"), {"1.2.10"}),
    (dict(StudyDate="20240103-"), {"1.2.11"}),
    (dict(StudyDate="20240104-", StudyTime="180000.000-"), {"1.2.11"}),  # since six in the evening: after midnight counts
    (dict(StudyTime="000000.000-120000.000"), {"1.2.10", "1.2.11"}),
    (dict(StudyTime="120000.000-235959.000"), set()),
    (dict(ModalitiesInStudy="CT\\MR\\US"), {"1.2.10", "1.2.11"}),
    (dict(ModalitiesInStudy="MR\\US"), {"1.2.11"}),
    (dict(StudyInstanceUID="1.2.11"), {"1.2.11"}),
    (dict(InterpretationStatusID="2"), set()),
    (dict(StudyComments="x*"), set()),
])
def test_study_queries_of_the_query_window(filled, filters, studies):
    answers = find(filled, study_query(**filters))
    assert {a.StudyInstanceUID for a in answers} == studies
    for answer in answers:
        assert answer.QueryRetrieveLevel == "STUDY"
        assert answer.SpecificCharacterSet in ("ISO_IR 100", "ISO_IR 192")
        assert answer.NumberOfStudyRelatedInstances == {"1.2.10": 25, "1.2.11": 1}[answer.StudyInstanceUID]
        assert answer.ModalitiesInStudy in ("CT", "MR")
        assert "StudyComments" in answer and answer.get_item(0x40080212) is not None


def test_series_and_image_queries_when_a_study_is_opened(filled):
    identifier = Dataset()
    identifier.SpecificCharacterSet = "ISO_IR 100"
    identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "SERIES", "1.2.10"
    for name in ("SeriesDescription", "SeriesDate", "SeriesTime", "SeriesInstanceUID", "Modality"):
        setattr(identifier, name, "")
    identifier.SeriesNumber = identifier.NumberOfSeriesRelatedInstances = None
    series = find(filled, identifier)
    assert {s.SeriesInstanceUID: s.NumberOfSeriesRelatedInstances for s in series} == {"1.2.10.1": 20, "1.2.10.2": 5}
    assert all(s.QueryRetrieveLevel == "SERIES" for s in series)

    identifier = Dataset()
    identifier.SpecificCharacterSet = "ISO_IR 100"
    identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "IMAGE", "1.2.10"
    identifier.SeriesInstanceUID = identifier.SOPInstanceUID = ""  # only the study is known: every image of it is wanted
    images = find(filled, identifier)
    assert len(images) == 25 and len({i.SOPInstanceUID for i in images}) == 25
    assert all(i.QueryRetrieveLevel == "IMAGE" and i.StudyInstanceUID == "1.2.10" and i.SeriesInstanceUID for i in images)


def test_a_query_without_answers_ends_with_success(filled):
    assert find(filled, study_query(PatientID="nobody")) == []


def test_an_abort_in_the_middle_of_a_query_harms_nobody(filled):
    a = filled.associate([(STUDY_ROOT_FIND, QUERY_SYNTAXES)], calling=MAC)
    identifier = Dataset()
    identifier.QueryRetrieveLevel, identifier.StudyInstanceUID, identifier.SOPInstanceUID = "IMAGE", "1.2.10", ""
    a.send(1, command(AffectedSOPClassUID=STUDY_ROOT_FIND, CommandField=0x20, MessageID=1, Priority=2, CommandDataSetType=1),
           encode(identifier, a.contexts[1][1]))
    a.receive()
    a.abort()
    with filled.associate([(VERIFICATION, [IMPLICIT])]) as b:
        assert b.echo() == 0


def test_get_with_94_contexts_and_no_role_selection(filled):
    with filled.associate(GET_CONTEXTS, calling=MAC) as a:
        assert a.request_length == 27120
        assert a.role_items == []
        assert len(a.contexts) == 94
        assert a.contexts[a.context(CT)][1] == EXPLICIT
        got = {}
        identifier = Dataset()
        identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", "1.2.10"
        final = a.retrieve(C_GET, STUDY_ROOT_GET, identifier,
                           on_store=lambda c, m, d: got.__setitem__(m.AffectedSOPInstanceUID, d))
        assert final.Status == 0 and final.NumberOfCompletedSuboperations == 25 and len(got) == 25


def test_get_delivers_compressed_objects_decoded_to_explicit_vr(make_archive):
    archive = make_archive().start()
    by_name = {p.name: p for p in valid_part10_files()[0]}
    for name in ("SC_rgb_jpeg_gdcm.dcm", "MR_small_RLE.dcm", "MR_small_jpeg_ls_lossless.dcm"):
        meta, data = read_part10(by_name[name])
        with archive.associate([(meta.MediaStorageSOPClassUID, [meta.TransferSyntaxUID])]) as a:
            assert a.store(1, meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, data).Status == 0
        with archive.associate(GET_CONTEXTS, calling=MAC) as a:
            got = []
            identifier = Dataset()
            identifier.QueryRetrieveLevel = "IMAGE"
            identifier.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
            final = a.retrieve(C_GET, STUDY_ROOT_GET, identifier, on_store=lambda c, m, d: got.append((a.contexts[c][1], d)))
            assert final.Status == 0, (name, hex(final.Status))
        (syntax, received), = got
        image = decode(received, syntax)
        assert syntax == EXPLICIT
        assert len(image.PixelData) >= image.Rows * image.Columns * image.BitsAllocated // 8 * int(image.get("NumberOfFrames", 1))
    assert archive.stop() == 0


def test_an_object_whose_class_the_viewer_does_not_take_is_counted_as_failed(make_archive):
    archive = make_archive().start()
    segmentation = "1.2.840.10008.5.1.4.1.1.66.4"
    uid, data = ct_bytes("1.2.40", "1.2.40.1", 1, SOPClassUID=segmentation)
    with archive.associate([(segmentation, [EXPLICIT])]) as a:
        assert a.store(1, segmentation, uid, data).Status == 0
    send(archive, [ct_bytes("1.2.40", "1.2.40.2", 1)])
    with archive.associate(GET_CONTEXTS, calling=MAC) as a:
        identifier = Dataset()
        identifier.QueryRetrieveLevel, identifier.StudyInstanceUID = "STUDY", "1.2.40"
        final = a.retrieve(C_GET, STUDY_ROOT_GET, identifier)
        assert final.Status == 0xB000
        assert (final.NumberOfCompletedSuboperations, final.NumberOfFailedSuboperations) == (1, 1)
        assert a.final_data.FailedSOPInstanceUIDList == uid
    assert archive.stop() == 0


class Listener:
    """The viewer's own listener: accepts the classes it knows, its best transfer syntax of each context, and keeps what comes."""

    BEST = [EXPLICIT, IMPLICIT, "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.80",
            "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
            "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.100", BIG_ENDIAN]

    def __init__(self, port):
        import socket
        self.received = []
        self.associations = 0
        self.server = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.associate, args=(connection,), daemon=True).start()

    def associate(self, connection):
        self.associations += 1
        a = Association.__new__(Association)
        a.socket, a._rest, a.contexts = connection, b"", {}
        _, request = a._pdu()
        items, at = b"", 68
        while at < len(request):
            kind, length = request[at], struct.unpack(">H", request[at + 2:at + 4])[0]
            if kind == 0x20:
                content, inner, syntaxes, abstract = request[at + 4:at + 4 + length], 4, [], None
                while inner < len(content):
                    sub, sub_length = content[inner], struct.unpack(">H", content[inner + 2:inner + 4])[0]
                    text = content[inner + 4:inner + 4 + sub_length].decode().strip("\0")
                    if sub == 0x30:
                        abstract = text
                    else:
                        syntaxes.append(text)
                    inner += 4 + sub_length
                chosen = next((s for s in self.BEST if s in syntaxes), None)
                ok = abstract in osirix_contexts.GET and chosen is not None
                if ok:
                    a.contexts[content[0]] = (abstract, chosen)
                body = bytes([content[0], 0, 0 if ok else 3, 0]) + struct.pack(">BBH", 0x40, 0, len(chosen or syntaxes[0])) + \
                    (chosen or syntaxes[0]).encode()
                items += struct.pack(">BBH", 0x21, 0, len(body)) + body
            elif kind == 0x50:
                user = struct.pack(">BBHI", 0x51, 0, 4, 16384) + struct.pack(">BBH", 0x52, 0, 7) + b"1.2.3.4"
                items += struct.pack(">BBH", 0x50, 0, len(user)) + user
            elif kind == 0x10:
                items += request[at:at + 4 + length]
            at += 4 + length
        answer = request[:68] + items
        connection.sendall(struct.pack(">BBI", 2, 0, len(answer)) + answer)
        a.maximum_pdu = 16384
        try:
            while True:
                context, message, data = a.receive()
                self.received.append((a.contexts[context][1], message, data))
                a.send(context, command(AffectedSOPClassUID=message.AffectedSOPClassUID, CommandField=0x8001,
                                        MessageIDBeingRespondedTo=message.MessageID, CommandDataSetType=0x0101, Status=0,
                                        AffectedSOPInstanceUID=message.AffectedSOPInstanceUID))
        except Exception:
            connection.sendall(struct.pack(">BBII", 6, 0, 4, 0))
            connection.close()


def test_move_to_the_viewers_listener_at_every_level_with_counts(make_archive):
    port = free_port()
    listener = Listener(port)
    archive = make_archive(FERMATA_NODES=f"{MAC}@127.0.0.1:{port}").start()
    images = [ct_bytes("1.2.50", "1.2.50.1", n) for n in range(1, 6)]
    send(archive, images)
    jpeg = {p.name: p for p in valid_part10_files()[0]}["SC_rgb_jpeg_gdcm.dcm"]
    meta, data = read_part10(jpeg)
    with archive.associate([(meta.MediaStorageSOPClassUID, [meta.TransferSyntaxUID])]) as a:
        assert a.store(1, meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, data).Status == 0
    requests = [dict(QueryRetrieveLevel="STUDY", StudyInstanceUID="1.2.50"),
                dict(QueryRetrieveLevel="SERIES", StudyInstanceUID="1.2.50", SeriesInstanceUID="1.2.50.1"),
                dict(QueryRetrieveLevel="IMAGE", SOPInstanceUID=[uid for uid, _ in images])]
    for request in requests:
        listener.received.clear()
        listener.associations = 0
        identifier = Dataset()
        for name, value in request.items():
            setattr(identifier, name, value)
        with archive.associate([(STUDY_ROOT_MOVE, QUERY_SYNTAXES)], calling=MAC) as a:
            final = a.retrieve(C_MOVE, STUDY_ROOT_MOVE, identifier, destination=MAC)
            assert final.Status == 0
            assert (final.NumberOfCompletedSuboperations, final.NumberOfFailedSuboperations,
                    final.NumberOfWarningSuboperations) == (5, 0, 0)
        assert listener.associations == 1
        assert {m.AffectedSOPInstanceUID: d for _, m, d in listener.received} == dict(images)
        assert all(m.MoveOriginatorApplicationEntityTitle == MAC for _, m, _ in listener.received)
    # what is stored compressed arrives as stored, because there is a context with just that transfer syntax
    listener.received.clear()
    identifier = Dataset()
    identifier.QueryRetrieveLevel, identifier.SOPInstanceUID = "IMAGE", meta.MediaStorageSOPInstanceUID
    with archive.associate([(STUDY_ROOT_MOVE, QUERY_SYNTAXES)], calling=MAC) as a:
        assert a.retrieve(C_MOVE, STUDY_ROOT_MOVE, identifier, destination=MAC).Status == 0
    (syntax, _, received), = listener.received
    assert (syntax, received) == (meta.TransferSyntaxUID, data)
    assert archive.stop() == 0


def test_a_store_is_answered_within_the_viewers_patience(filled):
    """A viewer waits 40 s for each answer; 8 associations at once must not come near that."""
    slowest = []

    def one(number):
        with filled.associate(SEND_CONTEXTS, calling=MAC) as a:
            for n in range(20):
                uid, data = ct_bytes(f"1.2.60.{number}", f"1.2.60.{number}.1", n + 1)
                begin = time.monotonic()
                assert a.store(a.context(CT, EXPLICIT), CT, uid, data).Status == 0
                slowest.append(time.monotonic() - begin)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(slowest) == 160 and max(slowest) < 40


def test_a_stranger_may_echo_and_nothing_else(make_archive):
    config = make_archive("stranger")
    text = config.config.read_text()
    path = config.folder / "closed.yaml"
    path.write_text(text.replace("127.0.0.0/8", "192.0.2.0/24"))
    config.config = path
    assert text != path.read_text()
    config.start()
    with config.associate([(VERIFICATION, [IMPLICIT])], calling="STRANGER") as a:
        assert a.echo() == 0
    for contexts in ([(CT, [EXPLICIT])], [(STUDY_ROOT_FIND, QUERY_SYNTAXES)], [(VERIFICATION, [IMPLICIT]), (CT, [EXPLICIT])]):
        with pytest.raises(Rejected) as rejection:
            config.associate(contexts, calling="STRANGER")
        assert (rejection.value.result, rejection.value.source, rejection.value.reason) == (1, 1, 3)
    assert config.stop() == 0
    nodes = config.run("nodes").stdout
    assert "STRANGER" in nodes and "127.0.0.1" in nodes
