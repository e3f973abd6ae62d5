"""A DICOM upper layer client (PS3.8) that does exactly what a test tells it to, right or wrong.

DCMTK's tools negotiate as they please; viewers do it differently. Here every item of the A-ASSOCIATE-RQ is the test's
choice: which contexts in which order, which transfer syntaxes, roles or none.
"""

import io
import socket
import struct

import pydicom
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset

VERIFICATION = "1.2.840.10008.1.1"
PATIENT_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.1.1"
PATIENT_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.1.2"
PATIENT_ROOT_GET = "1.2.840.10008.5.1.4.1.2.1.3"
STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1"
STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3"
PATIENT_STUDY_ONLY_FIND = "1.2.840.10008.5.1.4.1.2.3.1"
CT = "1.2.840.10008.5.1.4.1.1.2"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"

C_STORE, C_GET, C_FIND, C_MOVE, C_ECHO, C_CANCEL = 0x0001, 0x0010, 0x0020, 0x0021, 0x0030, 0x0FFF


class Rejected(Exception):
    def __init__(self, result, source, reason):
        super().__init__(f"rejected: result {result}, source {source}, reason {reason}")
        self.result, self.source, self.reason = result, source, reason


class Aborted(Exception):
    pass


def encode(data_set, transfer_syntax):
    """A data set as bytes, without preamble and file meta information."""
    out = DicomBytesIO()
    out.is_little_endian = transfer_syntax != BIG_ENDIAN
    out.is_implicit_VR = transfer_syntax == IMPLICIT
    write_dataset(out, data_set)
    return out.getvalue()


def decode(data, transfer_syntax):
    return read_dataset(io.BytesIO(data), transfer_syntax == IMPLICIT, transfer_syntax != BIG_ENDIAN)


def command(**elements):
    data_set = Dataset()
    for name, value in elements.items():
        setattr(data_set, name, value)
    body = encode(data_set, IMPLICIT)
    return struct.pack("<HHII", 0x0000, 0x0000, 4, len(body)) + body


def _item(kind, body):
    return struct.pack(">BBH", kind, 0, len(body)) + body


class Association:
    """One association, as the requestor. contexts: a list of (abstract syntax, [transfer syntaxes])."""

    def __init__(self, port, contexts, calling="TESTER", called="FERMATA", host="127.0.0.1", maximum_pdu=16384,
                 roles=(), version_name="OSIRIX", source=None, timeout=40, extra_user_items=b"", tls=None):
        self.socket = socket.create_connection((host, port), timeout=timeout,
                                               source_address=(source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls is not None:  # an ssl.SSLContext
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.contexts = {}
        self.message_id = 0
        self._rest = b""
        proposed = {}
        body = _item(0x10, b"1.2.840.10008.3.1.1.1")
        for number, (abstract, syntaxes) in enumerate(contexts):
            context_id = 2 * number + 1
            proposed[context_id] = (abstract, syntaxes)
            body += _item(0x20, bytes([context_id, 0, 0, 0]) + _item(0x30, abstract.encode()) +
                          b"".join(_item(0x40, s.encode()) for s in syntaxes))
        user = _item(0x51, struct.pack(">I", maximum_pdu)) + _item(0x52, b"1.2.276.0.7238010.5.0.3.5.4")
        for abstract, scu, scp in roles:
            uid = abstract.encode()
            user += _item(0x54, struct.pack(">H", len(uid)) + uid + bytes([scu, scp]))
        user += _item(0x55, version_name.encode()) + extra_user_items
        body += _item(0x50, user)
        request = struct.pack(">HH16s16s32x", 1, 0, called.encode().ljust(16), calling.encode().ljust(16)) + body
        self.request_length = len(request) + 6
        self.socket.sendall(struct.pack(">BBI", 1, 0, len(request)) + request)
        kind, answer = self._pdu()
        if kind == 3:
            raise Rejected(answer[1], answer[2], answer[3])
        if kind == 7:
            raise Aborted("during the association request")
        assert kind == 2, f"PDU type {kind} in answer to A-ASSOCIATE-RQ"
        self.answer = answer
        self.peer_maximum_pdu = 16384
        self.role_items = []
        at = 68
        while at < len(answer):
            kind, length = answer[at], struct.unpack(">H", answer[at + 2:at + 4])[0]
            content = answer[at + 4:at + 4 + length]
            if kind == 0x21 and content[2] == 0:
                syntax_length = struct.unpack(">H", content[6:8])[0]
                self.contexts[content[0]] = (proposed[content[0]][0], content[8:8 + syntax_length].decode().strip("\0"))
            elif kind == 0x50:
                self._user_items(content)
            at += 4 + length
        self.maximum_pdu = self.peer_maximum_pdu or 131072

    def _user_items(self, content):
        at = 0
        while at < len(content):
            kind, length = content[at], struct.unpack(">H", content[at + 2:at + 4])[0]
            if kind == 0x51:
                self.peer_maximum_pdu = struct.unpack(">I", content[at + 4:at + 8])[0]
            elif kind == 0x54:
                self.role_items.append(content[at + 4:at + 4 + length])
            at += 4 + length

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.release()
        self.socket.close()

    def context(self, abstract, transfer_syntax=None):
        """The id of an accepted context, None if there is none."""
        for context_id, (a, t) in self.contexts.items():
            if a == abstract and transfer_syntax in (None, t):
                return context_id
        return None

    def _exactly(self, count):
        data = bytearray()
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise Aborted("the connection was closed")
            data += piece
        return bytes(data)

    def _pdu(self):
        kind, _, length = struct.unpack(">BBI", self._exactly(6))
        return kind, self._exactly(length)

    def send_pdv(self, context_id, is_command, is_last, data):
        header = struct.pack(">BBIIBB", 4, 0, len(data) + 6, len(data) + 2, context_id,
                             (1 if is_command else 0) | (2 if is_last else 0))
        self.socket.sendall(header + data)

    def send_fragments(self, context_id, is_command, data):
        room = self.maximum_pdu - 12
        view = memoryview(data)
        for start in range(0, max(len(view), 1), room):
            self.send_pdv(context_id, is_command, start + room >= len(view), bytes(view[start:start + room]))

    def send(self, context_id, command_bytes, data=None):
        self.send_fragments(context_id, True, command_bytes)
        if data is not None:
            self.send_fragments(context_id, False, data)

    def receive(self):
        """The next message: (context id, command data set, data bytes or None)."""
        command_bytes, data = b"", []
        parsed = None
        while True:
            while self._rest:
                length, context_id, flags = struct.unpack(">IBB", self._rest[:6])
                piece, self._rest = self._rest[6:4 + length], self._rest[4 + length:]
                if flags & 1:
                    command_bytes += piece
                    if flags & 2:
                        parsed = decode(command_bytes, IMPLICIT)
                        if parsed.CommandDataSetType == 0x0101:
                            return context_id, parsed, None
                else:
                    data.append(piece)
                    if flags & 2:
                        return context_id, parsed, b"".join(data)
            kind, body = self._pdu()
            if kind == 7:
                raise Aborted(f"A-ABORT, source {body[2]}, reason {body[3]}")
            if kind == 5:
                raise Aborted("A-RELEASE-RQ from the server")
            assert kind == 4, f"PDU type {kind} where P-DATA-TF was expected"
            self._rest += body

    def next_id(self):
        self.message_id += 1
        return self.message_id

    def echo(self):
        self.send(self.context(VERIFICATION), command(AffectedSOPClassUID=VERIFICATION, CommandField=C_ECHO,
                                                      MessageID=self.next_id(), CommandDataSetType=0x0101))
        return self.receive()[1].Status

    def store(self, context_id, sop_class, sop_instance, data):
        """Sends one C-STORE-RQ and returns the response's command set."""
        self.send(context_id, command(AffectedSOPClassUID=sop_class, CommandField=C_STORE, MessageID=self.next_id(),
                                      Priority=2, CommandDataSetType=1, AffectedSOPInstanceUID=sop_instance), data)
        return self.receive()[1]

    def find(self, identifier, model=STUDY_ROOT_FIND):
        """Returns (list of answers, final status)."""
        context_id = self.context(model)
        syntax = self.contexts[context_id][1]
        self.send(context_id, command(AffectedSOPClassUID=model, CommandField=C_FIND, MessageID=self.next_id(),
                                      Priority=2, CommandDataSetType=1), encode(identifier, syntax))
        answers = []
        while True:
            _, response, data = self.receive()
            if response.Status not in (0xFF00, 0xFF01):
                self.last_response = response
                return answers, response.Status
            answers.append(decode(data, syntax))

    def retrieve(self, field, model, identifier, destination=None, on_store=None):
        """C-GET or C-MOVE. Returns the final response; every C-STORE sub-operation goes to on_store(context, command, data),
        whose result is the status answered. Pending responses are kept in self.pending."""
        context_id = self.context(model)
        syntax = self.contexts[context_id][1]
        elements = dict(AffectedSOPClassUID=model, CommandField=field, MessageID=self.next_id(), Priority=0,
                        CommandDataSetType=1)
        if destination is not None:
            elements["MoveDestination"] = destination
        self.send(context_id, command(**elements), encode(identifier, syntax))
        self.pending = []
        while True:
            store_context, message, data = self.receive()
            if message.CommandField == C_STORE:
                status = (on_store(store_context, message, data) if on_store else 0) or 0
                self.send(store_context, command(
                    AffectedSOPClassUID=message.AffectedSOPClassUID, CommandField=0x8001,
                    MessageIDBeingRespondedTo=message.MessageID, CommandDataSetType=0x0101, Status=status,
                    AffectedSOPInstanceUID=message.AffectedSOPInstanceUID))
            elif message.Status in (0xFF00, 0xFF01):
                self.pending.append(message)
            else:
                self.final_data = decode(data, syntax) if data else None
                return message

    def cancel(self, context_id, message_id):
        self.send(context_id, command(CommandField=C_CANCEL, MessageIDBeingRespondedTo=message_id,
                                      CommandDataSetType=0x0101))

    def abort(self):
        self.socket.sendall(struct.pack(">BBIBBBB", 7, 0, 4, 0, 0, 0, 0))
        self.socket.close()

    def release(self):
        self.socket.sendall(struct.pack(">BBII", 5, 0, 4, 0))
        while True:
            kind, _ = self._pdu()
            if kind == 6:
                return
            if kind == 7:
                raise Aborted("during release")


def read_part10(path):
    """(file meta information, data set bytes exactly as in the file)."""
    with open(path, "rb") as file:
        content = file.read()
    meta = pydicom.filereader.read_file_meta_info(str(path))
    length = 132 + 12 + meta.FileMetaInformationGroupLength
    return meta, content[length:]
