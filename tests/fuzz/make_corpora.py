#!/usr/bin/python3
"""Writes the corpora: what each harness starts from, one small file for each thing worth knowing.

Files whose names begin with `found-` are not made here: a fuzzer has found them, and the defect was fixed.

usage: tests/fuzz/make_corpora.py [folder]
"""

import io
import pathlib
import sqlite3
import struct
import sys
import zipfile
import zlib

CORPUS = pathlib.Path(__file__).parent / "corpus"
LONG = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
UNDEFINED = 0xFFFFFFFF
CT, EXPLICIT, IMPLICIT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
FIND, MOVE, GET = (f"1.2.840.10008.5.1.4.1.2.2.{n}" for n in (1, 2, 3))


def even(value, vr="LO"):
    value = value.encode() if isinstance(value, str) else value
    return value + (b"\0" if vr in ("UI", "OB", "UN") else b" ") * (len(value) % 2)


class Encoding:
    """Elements in one encoding; `length` puts another length than the value's own."""

    def __init__(self, explicit=True, big=False):
        self.explicit, self.order = explicit, ">" if big else "<"

    def tag(self, tag):
        return struct.pack(self.order + "HH", tag >> 16, tag & 0xFFFF)

    def element(self, tag, vr, value=b"", length=None):
        value = even(value, vr)
        length = len(value) if length is None else length
        if not self.explicit:
            return self.tag(tag) + struct.pack(self.order + "I", length) + value
        if vr in LONG:
            return self.tag(tag) + vr.encode() + struct.pack(self.order + "HI", 0, length) + value
        return self.tag(tag) + vr.encode() + struct.pack(self.order + "H", length) + value

    def item(self, content, undefined=False):
        if undefined:
            return self.tag(0xFFFEE000) + struct.pack(self.order + "I", UNDEFINED) + content + self.delimiter(0xFFFEE00D)
        return self.tag(0xFFFEE000) + struct.pack(self.order + "I", len(content)) + content

    def delimiter(self, tag):
        return self.tag(tag) + struct.pack(self.order + "I", 0)

    def sequence(self, tag, items, undefined=False, vr="SQ"):
        content = b"".join(items)
        if undefined:
            return self.element(tag, vr, content + self.delimiter(0xFFFEE0DD), UNDEFINED)
        return self.element(tag, vr, content)

    def nested(self, depth, undefined):
        content = self.element(0x00080050, "SH", "deep")
        for _ in range(depth):
            content = self.sequence(0x00081140, [self.item(content, undefined)], undefined)
        return content

    def number(self, value):
        return struct.pack(self.order + "H", value)

    def image(self, name="Doe^Jane", character_set=None):
        return (
            (self.element(0x00080005, "CS", character_set) if character_set else b"")
            + self.element(0x00080016, "UI", CT) + self.element(0x00080018, "UI", "1.2.3.4.5")
            + self.element(0x00080020, "DA", "20240131") + self.element(0x00080060, "CS", "CT")
            + self.sequence(0x00081140, [self.item(self.element(0x00081155, "UI", "1.2.9"))])
            + self.element(0x00100010, "PN", name) + self.element(0x00100020, "LO", "4711")
            + self.element(0x0020000D, "UI", "1.2.3") + self.element(0x0020000E, "UI", "1.2.3.4")
            + self.element(0x00280010, "US", self.number(2)) + self.element(0x7FE00010, "OW", b"\1\2\3\4\5\6\7\x08"))


EXPLICIT_LE, IMPLICIT_LE, EXPLICIT_BE = Encoding(), Encoding(False), Encoding(big=True)


def deflated(data):
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return machine.compress(data) + machine.flush()


def data_sets():
    """(name, syntax as data_set_header counts them, bytes)"""
    le, il, be = EXPLICIT_LE, IMPLICIT_LE, EXPLICIT_BE
    yield "explicit", 0, le.image()
    yield "implicit", 1, il.image()
    yield "big-endian", 2, be.image()
    yield "deflated", 3, deflated(le.image())
    yield "japanese", 0, le.image(b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "\\ISO 2022 IR 87")
    yield "korean", 0, le.image(b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", "\\ISO 2022 IR 149")
    yield "chinese", 0, le.image("王^小东".encode("gb18030"), "GB18030")
    yield "utf-8", 0, le.image("Müller^Jörg".encode(), "ISO_IR 192")
    yield "latin-1-undeclared", 0, le.image("Müller".encode("latin-1"))
    yield "unknown-character-set", 0, le.image(b"x\xff\xfe", "ISO_IR 999")
    yield "undefined-lengths", 0, le.sequence(0x00081140, [le.item(le.element(0x00081155, "UI", "1.2"), True)], True)
    yield "undefined-lengths-implicit", 1, il.sequence(0x00081140, [il.item(il.element(0x00081155, "UI", "1.2"), True)], True)
    yield "un-sequence", 0, le.sequence(0x00081140, [il.item(il.element(0x00081155, "UI", "1.2"), True)], True, vr="UN")
    yield "un-defined-sequence", 0, le.element(0x00081140, "UN", il.item(il.element(0x00081155, "UI", "1.2")))
    yield "fragments", 4, le.element(0x7FE00010, "OB", le.item(b"") + le.item(b"\xff\xd8\xff\xd9")
                                     + le.delimiter(0xFFFEE0DD), UNDEFINED)
    yield "fragments-in-sequence", 4, le.sequence(0x00880200, [le.item(le.element(
        0x7FE00010, "OB", le.item(b"ab") + le.delimiter(0xFFFEE0DD), UNDEFINED), True)], True)
    yield "private", 0, le.element(0x00090010, "LO", "GEMS_IDEN_01") + le.element(0x00091001, "UN", b"ab")
    yield "private-implicit", 1, il.element(0x00090010, "LO", "GEMS_IDEN_01") + il.element(0x00091001, "LO", b"ab")
    yield "overlay", 1, il.element(0x60000010, "US", b"\1\0") + il.element(0x60003000, "OW", b"\0\1")
    yield "signed-pixels", 1, il.element(0x00280103, "US", b"\1\0") + il.element(0x00280106, "SS", b"\xff\xff")
    yield "twice", 0, le.element(0x00100010, "PN", "A") + le.element(0x00100010, "PN", "B")
    yield "descending", 0, le.element(0x00100020, "LO", "A") + le.element(0x00080020, "DA", "20240101")
    yield "group-length", 0, le.element(0x00080000, "UL", b"\4\0\0\0") + le.element(0x00080060, "CS", "CT")
    yield "padding", 0, le.element(0x00080060, "CS", "CT") + le.element(0xFFFCFFFC, "OB", b"\0" * 8)
    yield "zeros-at-the-end", 0, le.element(0x00080060, "CS", "CT") + b"\0" * 20
    yield "odd-length", 0, le.tag(0x00080060) + b"CS\3\0ABC" + le.element(0x00100020, "LO", "A")
    yield "vr-question-marks", 0, le.tag(0x00080060) + b"??\2\0CT"
    yield "vr-nobody-knows", 0, le.tag(0x00081234) + b"ZZ\0\0\2\0\0\0ab"
    yield "vr-ox", 0, le.tag(0x7FE00010) + b"OX\2\0ab"
    yield "length-too-long", 0, le.element(0x00100010, "PN", "abcd", 0x7000)
    yield "length-4-gib", 0, le.element(0x00420011, "OB", b"abcd", 0xFFFFFFFE)
    yield "item-too-long", 0, le.element(0x00081140, "SQ", le.tag(0xFFFEE000) + b"\xf0\xff\xff\xff")
    yield "nested-80", 0, le.nested(80, False)
    yield "nested-80-undefined", 0, le.nested(80, True)
    yield "nested-60-implicit", 1, il.nested(60, True)
    yield "nested-300", 0, le.nested(300, False)
    yield "delimiter-alone", 0, le.delimiter(0xFFFEE0DD)
    yield "command-element", 1, il.element(0x00000002, "UI", "1.2")
    yield "cut", 0, le.image()[:-3]
    yield "empty", 0, b""


def pdu(kind, body):
    return struct.pack(">BBI", kind, 0, len(body)) + body


def pdv(context, flags, data):
    return struct.pack(">IBB", len(data) + 2, context, flags) + data


def sub_item(kind, body):
    return struct.pack(">BBH", kind, 0, len(body)) + body


def associate(contexts, user=b"", called="FERMATA", calling="VIEWER", application="1.2.840.10008.3.1.1.1"):
    body = struct.pack(">HH16s16s32x", 1, 0, called.encode().ljust(16), calling.encode().ljust(16))
    body += sub_item(0x10, application.encode())
    for number, (abstract, transfer) in enumerate(contexts):
        syntaxes = b"".join(sub_item(0x40, t.encode()) for t in transfer)
        body += sub_item(0x20, bytes([2 * number + 1, 0, 0, 0]) + sub_item(0x30, abstract.encode()) + syntaxes)
    return pdu(1, body + sub_item(0x50, sub_item(0x51, struct.pack(">I", 16384)) + sub_item(0x52, b"1.2.3.4") + user))


def command(field, message=1, data_set=False, **more):
    il = IMPLICIT_LE
    elements = {0x00000100: struct.pack("<H", field), 0x00000110: struct.pack("<H", message),
                0x00000800: struct.pack("<H", 1 if data_set else 0x0101)}
    elements.update({int(tag[1:], 16): even(value, "UI") for tag, value in more.items()})
    content = b"".join(il.element(tag, "US", elements[tag]) for tag in sorted(elements))
    return il.element(0, "UL", struct.pack("<I", len(content))) + content


def message(context, command_bytes, data=None):
    sent = pdu(4, pdv(context, 3, command_bytes))
    return sent if data is None else sent + pdu(4, pdv(context, 2, data))


RELEASE, ABORT = pdu(5, bytes(4)), pdu(7, bytes(4))


def conversations():
    """(name, bytes) on the contexts of dimse_messages: 1 echo, 3 CT, 5 and 7 find, 9 move, 11 get."""
    echo = message(1, command(0x30, _00000002="1.2.840.10008.1.1"))
    store = command(1, 2, True, _00000002=CT, _00001000="1.2.3.4.5", _00000700=b"\0\0")

    def query(encoding, level="STUDY", **more):
        elements = {0x00080052: even(level), 0x0020000D: b""}
        elements.update({int(tag[1:], 16): even(value) for tag, value in more.items()})
        return b"".join(encoding.element(tag, "UI", elements[tag]) for tag in sorted(elements))

    yield "nothing", b""
    yield "echo", echo + RELEASE
    yield "echo-and-abort", echo + ABORT
    yield "store", message(3, store, EXPLICIT_LE.image()) + RELEASE
    yield "store-odd", message(3, store, b"abc") + RELEASE
    yield "store-cut", message(3, store, b"ab")[:-1]
    yield "store-in-pieces", pdu(4, pdv(3, 1, store[:9]) + pdv(3, 3, store[9:]) + pdv(3, 0, b"ab")) + pdu(4, pdv(3, 2, b""))
    yield "find", message(5, command(0x20, 3, True, _00000002=FIND), query(IMPLICIT_LE)) + RELEASE
    yield "find-explicit", message(7, command(0x20, 3, True, _00000002=FIND), query(EXPLICIT_LE)) + RELEASE
    yield "find-images", message(5, command(0x20, 3, True, _00000002=FIND), query(
        IMPLICIT_LE, "IMAGE", _00200000D="1.2.3", _0020000E="1.2.3.4", _00080018="")) + RELEASE
    yield "find-and-cancel", message(5, command(0x20, 3, True, _00000002=FIND), query(IMPLICIT_LE)) + message(
        5, command(0xFFF, 0, _00000120=b"\3\0")) + RELEASE
    yield "get", message(11, command(0x10, 4, True, _00000002=GET), query(EXPLICIT_LE, _0020000D="1.2.3")) + message(
        3, command(0x8001, 0, _00000120=b"\1\0", _00000900=b"\0\0", _00000002=CT, _00001000="1.2.3.4.1")) + RELEASE
    yield "move", message(9, command(0x21, 5, True, _00000002=MOVE, _00000600="NOBODY"), query(
        IMPLICIT_LE, _0020000D="1.2.3")) + RELEASE
    yield "n-action", message(1, command(0x130, 6, False, _00000003="1.2.840.10008.1.20.1", _00001001="1.2", _00001008=b"\1\0"))
    yield "command-cut", pdu(4, pdv(1, 3, command(0x30)[:20]))
    yield "command-empty", pdu(4, pdv(1, 3, b""))
    yield "wrong-context", message(99, command(0x30))
    yield "pdv-longer-than-pdu", pdu(4, struct.pack(">IBB", 5000, 1, 3) + b"x")
    yield "pdv-of-4-gib", pdu(4, struct.pack(">IBB", 0xFFFFFFF0, 1, 3) + b"x")
    yield "pdu-of-4-gib", struct.pack(">BBI", 4, 0, 0xFFFFFFFF)
    yield "pdu-unknown", pdu(9, b"abcd")
    yield "second-association", associate([(CT, [IMPLICIT])])
    yield "nested-identifier", message(5, command(0x20, 3, True, _00000002=FIND), query(IMPLICIT_LE) + IMPLICIT_LE.nested(90, False))


def association_requests():
    role = sub_item(0x54, struct.pack(">H", len(CT)) + CT.encode() + b"\1\1")
    extended = sub_item(0x56, struct.pack(">H", len(FIND)) + FIND.encode() + b"\1\1\1")
    asynchronous = sub_item(0x53, b"\0\1\0\1")

    def identity(kind, one, two=b""):
        return sub_item(0x58, bytes([kind, 1]) + struct.pack(">H", len(one)) + one + struct.pack(">H", len(two)) + two)

    yield "echo", associate([("1.2.840.10008.1.1", [IMPLICIT])])
    yield "store", associate([(CT, [EXPLICIT, IMPLICIT, "1.2.840.10008.1.2.4.70"])], role)
    yield "find", associate([(FIND, [IMPLICIT])], extended)
    yield "get", associate([(GET, [EXPLICIT]), (CT, [EXPLICIT])], role + extended + asynchronous)
    yield "user-and-password", associate([(CT, [IMPLICIT])], identity(2, b"user", b"password"))
    yield "json-web-token", associate([(CT, [IMPLICIT])], identity(5, b"a.b.c"))
    yield "implementation", associate([(CT, [IMPLICIT])], sub_item(0x55, b"OFFIS_DCMTK_367"))
    yield "unknown-caller", associate([(CT, [IMPLICIT])], calling="STRANGER")
    yield "unknown-context", associate([("1.2.3.4", ["1.2.3.5"])])
    yield "no-context", associate([])
    yield "other-application", associate([(CT, [IMPLICIT])], application="1.2.3")
    yield "many-contexts", associate([(f"1.2.840.10008.5.1.4.1.1.{n}", [IMPLICIT]) for n in range(128)])
    yield "identity-too-long", associate([(CT, [IMPLICIT])], sub_item(0x58, b"\2\1\xff\xffab"))
    yield "role-too-long", associate([(CT, [IMPLICIT])], sub_item(0x54, b"\xff\xffab"))
    yield "extended-too-long", associate([(FIND, [IMPLICIT])], sub_item(0x56, b"\xff\xff1.2"))
    yield "item-too-long", associate([(CT, [IMPLICIT])])[:74] + b"\x20\0\xff\xff\1\0\0\0"
    yield "cut", associate([(CT, [IMPLICIT])])[:-5]
    yield "tls", b"\x16\x03\1\2\0\1\0\1\xfc\3\3"
    yield "http", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    yield "release", RELEASE


def part10(elements=b"", length=None):
    le = EXPLICIT_LE
    content = (le.element(0x00020002, "UI", CT) + le.element(0x00020003, "UI", "1.2.3.4.5")
               + le.element(0x00020010, "UI", EXPLICIT) + elements)
    return bytes(128) + b"DICM" + le.element(0x00020000, "UL", struct.pack("<I", len(content) if length is None else length)) + content


def files():
    le = EXPLICIT_LE
    yield "complete", part10() + le.image()
    yield "archive's-own", part10(le.element(0x00020016, "AE", "SENDER") + le.element(0x00020100, "UI", "1.2.3")
                                  + le.element(0x00020102, "OB", b"0 1234")) + le.image()
    yield "length-wrong", part10(length=4) + le.image()
    yield "length-4-gib", part10(length=0xFFFFFFFF)
    yield "length-missing", bytes(128) + b"DICM" + le.element(0x00020010, "UI", EXPLICIT) + le.image()
    yield "no-prefix", le.image()
    yield "implicit-meta", bytes(128) + b"DICM" + IMPLICIT_LE.element(0x00020010, "UI", EXPLICIT)
    yield "cut", part10()[:160]
    yield "empty", b""


JSON = {
    "data-set": '[{"0020000D":{"vr":"UI","Value":["1.2.3"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"Doe^Jane"}]}}]',
    "one": '{"00080005":{"vr":"CS","Value":["ISO_IR 100"]},"00100020":{"vr":"LO","Value":["M\\u00fcller"]}}',
    "all-numbers": '[{"00280010":{"vr":"US","Value":[1,"2"]},"00189087":{"vr":"FD","Value":[1e300,-0.5]},"00280106":{"vr":"SS",'
                   '"Value":[-1]},"00720081":{"vr":"UV","Value":["18446744073709551615"]},"00101030":{"vr":"DS","Value":[70.5]}}]',
    "tag": '[{"00280009":{"vr":"AT","Value":["00181063"]}}]',
    "sequence": '[{"00081140":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2"]}},{},null]}}]',
    "inline": '[{"7FE00010":{"vr":"OW","InlineBinary":"AAEC"},"00091001":{"vr":"UN","InlineBinary":["AA=="]}}]',
    "reference": '[{"7FE00010":{"vr":"OB","BulkDataURI":"bulk/1"},"00081140":{"vr":"SQ","Value":[{"00091001":{"vr":"OB",'
                 '"BulkDataURI":"x"}}]}}]',
    "private": '[{"00090010":{"vr":"LO","Value":["X"]},"00091001":{"vr":"LO","Value":["a"],"privateCreator":"X"}}]',
    "syntax": '[{"00020010":{"vr":"UI","Value":["1.2.840.10008.1.2.4.50"]}}]',
    "no-vr": '[{"00100010":{"Value":["Doe"]},"PatientID":{"Value":["1"]}}]',
    "twice": '[{"00100020":{"vr":"LO"},"00100020":{"vr":"LO"}}]',
    "deep": '[' + '{"00081140":{"vr":"SQ","Value":[' * 70 + '{}' + ']}}' * 70 + ']',
    "brackets": "[" * 2000,
    "number-huge": '[{"00280010":{"vr":"US","Value":[1e999]},"00200013":{"vr":"IS","Value":[99999999999999999999]}}]',
    "surrogate": '[{"00100020":{"vr":"LO","Value":["\\ud800"]}}]',
    "empty": "[]",
}

XML = {
    "data-set": '<?xml version="1.0"?><NativeDicomModel><DicomAttribute tag="0020000D" vr="UI" keyword="StudyInstanceUID"><Value number="1">'
                '1.2.3</Value></DicomAttribute></NativeDicomModel>',
    "name": '<NativeDicomModel><DicomAttribute tag="00100010" vr="PN"><PersonName number="1"><Alphabetic><FamilyName>Doe</FamilyName>'
            '<GivenName>Jane</GivenName></Alphabetic></PersonName></DicomAttribute></NativeDicomModel>',
    "sequence": '<NativeDicomModel><DicomAttribute tag="00081140" vr="SQ"><Item number="1"><DicomAttribute tag="00081155" vr="UI"><Value '
                'number="1">1.2</Value></DicomAttribute></Item></DicomAttribute></NativeDicomModel>',
    "inline": '<NativeDicomModel><DicomAttribute tag="7FE00010" vr="OW"><InlineBinary>AAEC</InlineBinary></DicomAttribute></NativeDicomModel>',
    "reference": '<NativeDicomModel><DicomAttribute tag="7FE00010" vr="OW"><BulkData uri="x"/></DicomAttribute></NativeDicomModel>',
    "entities": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><NativeDicomModel>&b;</NativeDicomModel>',
    "outside": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><NativeDicomModel/>',
    "deep": '<NativeDicomModel>' + '<DicomAttribute tag="00081140" vr="SQ"><Item number="1">' * 70,
    "elements": "<a>" * 3000,
    "number-huge": '<NativeDicomModel><DicomAttribute tag="00100020" vr="LO"><Value number="4294967295">x</Value></DicomAttribute></NativeDicomModel>',
    "latin-1": '<?xml version="1.0" encoding="ISO-8859-1"?><NativeDicomModel/>',
}

MULTIPART = {
    "two": 'multipart/related; type="application/dicom"; boundary=b\n--b\r\nContent-Type: application/dicom\r\n\r\nabc\r\n--b\r\n\r\nd\r\n--b--\r\n',
    "quoted": 'multipart/related; boundary="a b"\npreamble\r\n--a b\r\nContent-Location: x\r\n\r\n\r\n--a b--',
    "folded": "multipart/related; boundary=b\n--b\r\nContent-Type: application/dicom;\r\n transfer-syntax=1.2\r\n\r\nabc\r\n--b--",
    "cut": "multipart/related; boundary=b\n--b\r\nContent-Type: x\r\n\r\nabc\r\n--",
    "no-boundary": "multipart/related\n--\r\n\r\n",
    "nearly": "multipart/related; boundary=bbbb\n--bbbb\r\n\r\n\r\n--bbb\r\n--bbbbx\r\n--bbbb --",
    "header-without-end": "multipart/related; boundary=b\n--b\r\n" + "X: " + "y" * 9000,
    "only-delimiters": "multipart/related; boundary=b\n" + "--b\r\n\r\n\r\n" * 200,
}

SEARCH = {
    "name": "PatientName=Doe*&limit=10&offset=5",
    "tag": "00100020=4711&includefield=00081030,PatientName",
    "all": "includefield=all&fuzzymatching=true",
    "date": "StudyDate=20240101-20240131&StudyTime=08-",
    "uids": "StudyInstanceUID=1.2.3,1.2.4%5C1.2.5",
    "sequence": "RequestAttributesSequence.ScheduledProcedureStepID=1&00400275.00400009=2",
    "escapes": "PatientName=%4d%C3%BCller+J%",
    "not-utf-8": "PatientName=%ff%fe",
    "wildcards": "PatientName=" + "*?" * 40,
    "limit-huge": "limit=99999999999999999999&offset=-1",
    "twice": "StudyDate=20240101&StudyDate=20240102",
    "unknown": "Colour=red&StudyDate=yesterday",
}

YAML = {
    "archive": "plugins:\n  archive:\n  dimse:\n    config: {port: 104, name: FERMATA, wait: 5s, room: 2MiB}\n",
    "all-kinds": "log: {level: debug}\nplugins:\n  x:\n    plugin: dimse\n    required: false\n    uses: {fermata.archive: a}\n"
                 "    config:\n      list: [{deep: true}, {}]\n      ratio: 1e-3\n      mode: two\n      key: secret\n",
    "variables": "plugins:\n  dimse:\n    config: {name: '${SET:-A}', key: '${UNSET:-${SET}}', port: '${PORT:-1}$$'}\n",
    "variable-without-end": "plugins: {dimse: {config: {name: '${SET'}}}",
    "variables-deep": "plugins: {dimse: {config: {name: '" + "${A:-" * 300 + "'}}}",
    "anchors": "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n"
               "d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\nplugins: {dimse: {config: {list: *d}}}\n",
    "itself": "plugins: &a {dimse: *a}\n",
    "brackets": "[" * 600,
    "merge": "plugins: {<<: {dimse: {}}}\n",
    "two-documents": "a: 1\n---\nb: 2\n",
    "tags": "plugins: !!set {? dimse}\nlog: !foo bar\n",
    "numbers": "plugins: {dimse: {config: {port: 0x68, ratio: .inf, wait: 99999999999999999999h, room: -1}}}\n",
    "control": "plugins:\0\x01\x7f",
    "empty": "",
}

WORKLIST = {
    "request": "PatientName: Doe^Jane\nPatientID: 4711\nAccessionNumber: A1\nModality: CT\nScheduledStationAETitle: CT1\n"
               "ScheduledProcedureStepStartDate: 2024-01-31\nScheduledProcedureStepStartTime: 08:15\n",
    "list": "- {PatientName: A, PatientID: 1, Modality: MR}\n- {00100010: B, '(0010,0020)': 2}\n",
    "steps": "PatientID: 1\nScheduledProcedureStepSequence:\n  - {Modality: CT, ScheduledProcedureStepID: a}\n  - {Modality: MR}\n",
    "json": '{"PatientName":"Doe","PatientID":"1","ScheduledProcedureStepSequence":[{"Modality":"CT"}]}',
    "json-model": '{"00100010":{"vr":"PN","Value":[{"Alphabetic":"Doe^Jane","Ideographic":"x"}]},"00400100":{"vr":"SQ","Value":[{}]}}',
    "anchors": "a: &a {PatientID: 1}\nScheduledProcedureStepSequence: [*a, *a]\n",
    "anchors-deep": "&a ScheduledProcedureStepSequence: &b [{Modality: CT}]\nReferencedStudySequence: [{ReferencedStudySequence: *b}, "
                    "{ReferencedStudySequence: *b}]\n",
    "itself": "&a {ReferencedStudySequence: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]}",
    "numbers": "PatientID: 1\nSelectorUSValue: [1, 2]\nPatientWeight: 70.5\n",
    "brackets": "[" * 600,
    "not-utf-8": b"PatientName: \xff",
    "empty": "",
}


def http_requests():
    yield "get", b"GET /dicom-web/studies?limit=1 HTTP/1.1\r\nHost: archive:8080\r\nAccept: application/dicom+json\r\n\r\n"
    yield "post", b"POST /dicom-web/studies HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
    yield "chunks", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: x\r\n\r\n"
    yield "chunk-huge", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc"
    yield "both-lengths", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    yield "absolute", b"GET http://user@x:99999/%00%2e%2e/ HTTP/1.0\r\n\r\n"
    yield "options", b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close, x\r\n\r\n"
    yield "folded", b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"
    yield "bare-line-feeds", b"GET / HTTP/1.1\nHost: x\n\n"
    yield "length-negative", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\nContent-Length: +1\r\n\r\n"
    yield "many-fields", b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 300 + b"\r\n"
    yield "http-9", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"


def zips():
    def made(entries, method=zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in entries:
                archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
        return out.getvalue()

    image = part10() + EXPLICIT_LE.image()
    whole = made([("a/1.dcm", image), ("a/2.dcm", image)])
    yield "deflated", whole
    yield "stored", made([("1", image)], zipfile.ZIP_STORED)
    yield "folder", made([("a/", b""), ("a/b", b"x")])
    yield "up-and-away", made([("../../etc/passwd", b"x"), ("C:\\x", b"y")])
    yield "bomb", made([("0", bytes(3_000_000))])
    yield "zip-in-zip", made([("inner.zip", whole)])
    yield "empty", made([])
    yield "cut", whole[:-30]
    yield "broken", whole[:40] + b"\xff" * 20 + whole[60:]
    yield "encrypted", whole[:6] + b"\1" + whole[7:]
    yield "not-a-zip", b"PK\3\4" + b"\xff" * 30


HOROS = """CREATE TABLE ZALBUM(Z_PK INTEGER PRIMARY KEY,ZSMARTALBUM INTEGER,ZNAME VARCHAR);
CREATE TABLE ZSTUDY(Z_PK INTEGER PRIMARY KEY,ZLOCKEDSTUDY INTEGER,ZSTATETEXT INTEGER,ZCOMMENT VARCHAR,ZCOMMENT3 VARCHAR,
ZREPORTURL VARCHAR,ZSTUDYINSTANCEUID VARCHAR);
CREATE TABLE ZSERIES(Z_PK INTEGER PRIMARY KEY,ZSTUDY INTEGER,ZCOMMENT VARCHAR,ZSERIESDESCRIPTION VARCHAR,ZSERIESDICOMUID VARCHAR);
CREATE TABLE ZIMAGE(Z_PK INTEGER PRIMARY KEY,ZPATHNUMBER INTEGER,ZSERIES INTEGER,ZSTOREDISKEYIMAGE INTEGER,ZPATHSTRING VARCHAR,
ZCOMPRESSEDSOPINSTANCEUID BLOB);
CREATE TABLE Z_1STUDIES(Z_1ALBUMS INTEGER,Z_5STUDIES INTEGER,PRIMARY KEY(Z_1ALBUMS,Z_5STUDIES));
"""
KNOWN = """INSERT INTO ZALBUM VALUES(1,0,'Knees'),(2,1,'Today');
INSERT INTO Z_1STUDIES VALUES(1,1),(1,2);
INSERT INTO ZSTUDY VALUES(1,1,4,'see\x07 again','','REPORTS/a.rtf','1.2.3'),(2,0,9,NULL,x'ff00',NULL,'1.2.4');
INSERT INTO ZSERIES VALUES(1,1,'blurred','AX T1','1.2.3.1'),(2,1,NULL,'OsiriX ROI SR','1.2.3.5002');
INSERT INTO ZIMAGE VALUES(1,1,1,1,NULL,x'2b3b40'),(2,2,1,0,NULL,NULL),(3,NULL,1,0,'/etc/hostname',NULL),(4,NULL,1,0,'../../x',NULL);
"""
ORTHANC = """CREATE TABLE AttachedFiles(id INTEGER,fileType INTEGER,uuid TEXT,compressionType INTEGER);
INSERT INTO AttachedFiles VALUES(1,1,'abcd0123-0000-0000-0000-000000000000',2);
"""
DATABASES = {
    "horos": HOROS + KNOWN,
    "horos-empty": HOROS,
    "horos-old": "CREATE TABLE ZSTUDY(Z_PK);CREATE TABLE ZSERIES(Z_PK,ZSTUDY);CREATE TABLE ZIMAGE(Z_PK,ZSERIES);INSERT INTO ZSTUDY VALUES(1);",
    "horos-no-links": HOROS.replace("Z_1STUDIES", "OTHER") + KNOWN.replace("Z_1STUDIES", "OTHER"),
    "horos-long": HOROS + "INSERT INTO ZSTUDY(Z_PK,ZCOMMENT) VALUES(1,printf('%.*c',3000,'x'));"
                  + "INSERT INTO ZSERIES(ZSTUDY,ZCOMMENT) VALUES" + ",".join(["(1,printf('%.*c',1999,'y'))"] * 9) + ";",
    "horos-many-albums": HOROS + "INSERT INTO ZSTUDY(Z_PK) VALUES(1);" + "".join(
        f"INSERT INTO ZALBUM VALUES({i},0,'album {i}');INSERT INTO Z_1STUDIES VALUES({i},1);" for i in range(25)),
    "horos-great-numbers": HOROS + "INSERT INTO ZIMAGE(ZPATHNUMBER) VALUES(9223372036854775807),(-9223372036854775808);"
                           "INSERT INTO ZIMAGE(ZPATHSTRING) VALUES('9999999999999999999.jpg');",
    "horos-names": HOROS.replace("Z_1ALBUMS", '"Z_1ALBUMS, x FROM y --"'),
    "horos-generated": HOROS.replace("ZCOMMENT3 VARCHAR", "ZCOMMENT3 AS (hex(ZCOMMENT)||char(7))") +
                       "INSERT INTO ZSTUDY(ZCOMMENT) VALUES('x');",
    "horos-views": "CREATE VIEW ZSTUDY AS SELECT 1;CREATE VIEW ZSERIES AS SELECT 1;CREATE VIEW ZIMAGE AS SELECT 1;",
    "horos-without-rowid": HOROS.replace("KEY(Z_1ALBUMS,Z_5STUDIES))", "KEY(Z_1ALBUMS,Z_5STUDIES)) WITHOUT ROWID") + KNOWN,
    "orthanc": ORTHANC,
    "orthanc-other-columns": ORTHANC.replace("uuid TEXT", "name TEXT"),
}


def database(script):
    """The bytes of a small database; the version of the SQLite that wrote it is left out."""
    file = sqlite3.connect(":memory:")
    file.executescript("PRAGMA page_size=512;" + script)
    content = file.serialize()
    return content[:96] + bytes(4) + content[100:]


def main(folder):
    def write(harness, name, content):
        path = folder / harness / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    for name, syntax, content in data_sets():
        write("data_set_header", name, bytes([syntax, 0]) + content)
        write("data_set_header", name + "-in-pieces", bytes([syntax, 3]) + content)
        if syntax in (0, 4):
            write("data_set_view", name, b"\0" + content)
        if syntax in (0, 1):
            write("identifier", name, bytes([1 - syntax]) + content)
            write("worklist_dicom", name, part10() + content if syntax == 0 else content)
    il = IMPLICIT_LE
    step = il.sequence(0x00400100, [il.item(il.element(0x00080060, "CS", "CT") + il.element(0x00400002, "DA", "20240131"))])
    write("worklist_dicom", "request", il.element(0x00100010, "PN", "Doe") + il.element(0x00100020, "LO", "1") + step)
    for name, content in conversations():
        write("dimse_messages", name, content)
    for name, content in association_requests():
        write("association_request", name, content)
    for name, content in {"echo": command(0x30, _00000002="1.2.840.10008.1.1"), "cut": command(0x30)[:-1], "empty": b"",
                          "store": command(1, 2, True, _00000002=CT, _00001000="1.2.3.4.5", _00000700=b"\0\0"),
                          "tags": command(0x110, 1, _00001005=b"\x10\0\x10\0\x10\0\x20\0"),
                          "length-4-gib": IMPLICIT_LE.element(0x00000002, "UI", b"ab", 0xFFFFFFFF)}.items():
        write("command_set", name, content)
    for name, content in files():
        write("file_meta", name, b"\0" + content)
        write("file_meta", name + "-in-pieces", b"\7" + content)
    for harness, texts in {"dicom_json": JSON, "native_xml": XML, "multipart": MULTIPART}.items():
        for name, content in texts.items():
            write(harness, name, b"\0" + content.encode())
            write(harness, name + "-in-pieces", b"\5" + content.encode())
    for name, content in SEARCH.items():
        for level in (0, 1, 2, 4):
            write("search_parameters", f"{name}-{level}", bytes([level]) + content.encode())
    for name, content in YAML.items():
        write("configuration", name, content)
    for name, content in WORKLIST.items():
        write("worklist_text", name, content)
    for name, content in http_requests():
        write("http_request", name, content)
    for name, script in DATABASES.items():
        write("import_database", name + "-sql", b"\1" + script.encode())
        write("import_database", name, b"\0" + database(script))
    whole = database(DATABASES["horos"])
    write("import_database", "empty", b"\0")
    write("import_database", "cut", b"\0" + whole[:-700])
    write("import_database", "no-database", b"\0" + b"SQLite format 3\0" + b"\xff" * 600)
    for name, content in zips():
        write("zip_upload", name, b"\0" + content)
        write("zip_upload", name + "-in-pieces", b"\1" + content)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
