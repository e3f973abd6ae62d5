"""Makes a data folder as Horos and OsiriX leave it: files numbered through in DATABASE.noindex, INCOMING.noindex, linked files
elsewhere, junk, and the database that Core Data makes of their model 2.5."""

import pathlib
import sqlite3
import struct

SCHEMA = """
CREATE TABLE ZALBUM (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZINDEX INTEGER, ZSMARTALBUM INTEGER, ZNAME VARCHAR,
  ZPREDICATESTRING VARCHAR);
CREATE TABLE ZSTUDY (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZEXPANDED INTEGER, ZHASDICOM INTEGER,
  ZLOCKEDSTUDY INTEGER, ZNUMBEROFIMAGES INTEGER, ZSTATETEXT INTEGER, ZDATE TIMESTAMP, ZDATEADDED TIMESTAMP, ZDATEOFBIRTH TIMESTAMP,
  ZACCESSIONNUMBER VARCHAR, ZCOMMENT VARCHAR, ZCOMMENT2 VARCHAR, ZCOMMENT3 VARCHAR, ZCOMMENT4 VARCHAR, ZID VARCHAR,
  ZINSTITUTIONNAME VARCHAR, ZMODALITY VARCHAR, ZNAME VARCHAR, ZPATIENTID VARCHAR, ZPATIENTSEX VARCHAR, ZPATIENTUID VARCHAR,
  ZREPORTURL VARCHAR, ZSTUDYINSTANCEUID VARCHAR, ZSTUDYNAME VARCHAR, ZWINDOWSSTATE BLOB);
CREATE TABLE ZSERIES (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZID INTEGER, ZNUMBEROFIMAGES INTEGER,
  ZNUMBEROFKEYIMAGES INTEGER, ZSTATETEXT INTEGER, ZSTUDY INTEGER, ZDATE TIMESTAMP, ZCOMMENT VARCHAR, ZCOMMENT2 VARCHAR,
  ZCOMMENT3 VARCHAR, ZCOMMENT4 VARCHAR, ZMODALITY VARCHAR, ZNAME VARCHAR, ZSERIESDESCRIPTION VARCHAR, ZSERIESDICOMUID VARCHAR,
  ZSERIESINSTANCEUID VARCHAR, ZSERIESSOPCLASSUID VARCHAR, ZTHUMBNAIL BLOB);
CREATE TABLE ZIMAGE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ZFRAMEID INTEGER, ZGENERATEDBYOSIRIX INTEGER,
  ZINSTANCENUMBER INTEGER, ZPATHNUMBER INTEGER, ZSERIES INTEGER, ZSTOREDINDATABASEFOLDER INTEGER, ZSTOREDISKEYIMAGE INTEGER,
  ZDATE TIMESTAMP, ZPATHSTRING VARCHAR, ZSTOREDEXTENSION VARCHAR, ZSTOREDFILETYPE VARCHAR, ZCOMPRESSEDSOPINSTANCEUID BLOB);
CREATE TABLE Z_1STUDIES (Z_1ALBUMS INTEGER, Z_5STUDIES INTEGER, PRIMARY KEY (Z_1ALBUMS, Z_5STUDIES));
CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);
INSERT INTO Z_PRIMARYKEY VALUES (1, 'Album', 0, 2), (2, 'Image', 0, 0), (3, 'LogEntry', 0, 0), (4, 'Series', 0, 0), (5, 'Study', 0, 0);
"""

EXPLICIT = "1.2.840.10008.1.2.1"
CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"


def element(group, number, vr, value):
    if isinstance(value, str):
        value = value.encode()
    if len(value) % 2:
        value += b"\0" if vr in ("UI", "OB") else b" "
    head = struct.pack("<HH2s", group, number, vr.encode())
    if vr in ("OB", "OW"):
        return head + struct.pack("<HI", 0, len(value)) + value
    return head + struct.pack("<H", len(value)) + value


def dicom_file(study, series, instance, number=1, sop_class=CAPTURE, description="AX T1", modality="OT", pixels=b"\x2a" * 512):
    meta = (element(2, 1, "OB", b"\0\1") + element(2, 2, "UI", sop_class) + element(2, 3, "UI", instance)
            + element(2, 16, "UI", EXPLICIT) + element(2, 18, "UI", "1.2.276.0.7238010.5.0.3.5.4"))
    body = (element(8, 0x16, "UI", sop_class) + element(8, 0x18, "UI", instance) + element(8, 0x20, "DA", "20240102")
            + element(8, 0x30, "TM", "101112") + element(8, 0x60, "CS", modality) + element(8, 0x103E, "LO", description)
            + element(0x10, 0x10, "PN", "Doe^Jane") + element(0x10, 0x20, "LO", "P" + study.split(".")[-1])
            + element(0x20, 0xD, "UI", study) + element(0x20, 0xE, "UI", series) + element(0x20, 0x13, "IS", str(number)))
    if sop_class == CAPTURE:
        body += element(0x7FE0, 0x10, "OW", pixels)
    else:
        body += element(0x42, 0x11, "OB", pixels)
    return b"\0" * 128 + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + body


def packed_uid(uid):
    """Half bytes: digits from 1 on, 11 for the dot, 0 at the end."""
    halves = [11 if c == "." else int(c) + 1 for c in uid]
    halves += [0] * (len(halves) % 2)
    return bytes(a << 4 | b for a, b in zip(halves[::2], halves[1::2]))


class HorosFolder:
    """`files` images in DATABASE.noindex, a hundred to a study; and a fixed number of everything else."""

    def __init__(self, folder, linked_folder, files, first=9_900):
        self.folder = pathlib.Path(folder)
        self.first = first
        self.database = self.folder / "DATABASE.noindex"
        self.studies = {}
        for name in ("DATABASE.noindex", "INCOMING.noindex", "TEMP.noindex", "REPORTS", "NOT READABLE"):
            (self.folder / name).mkdir(parents=True)
        self.database_file = sqlite3.connect(self.folder / "Database.sql")
        self.database_file.executescript(SCHEMA)
        for i in range(files):
            study = f"1.2.826.77.{i // 100}"
            self.put(first + i, study, f"{study}.1", f"{study}.1.{i % 100}", i % 100)
        self.expected = {"stored": files, "not_dicom": 0, "missing": 0}
        self.add_the_rest(pathlib.Path(linked_folder))
        self.database_file.commit()
        self.database_file.close()

    def put(self, number, study, series, instance, instance_number, **attributes):
        place = self.database / str((number // 10_000 + 1) * 10_000)
        place.mkdir(exist_ok=True)
        (place / f"{number}.dcm").write_bytes(dicom_file(study, series, instance, instance_number, **attributes))
        self.image(study, series, instance, number, attributes.get("description", "AX T1"))

    def image(self, study, series, instance, number=None, description="", path=None):
        keys = self.studies.setdefault(study, {})
        run = self.database_file.execute
        if not keys:
            keys["study"] = run("INSERT INTO ZSTUDY (Z_ENT, ZSTUDYINSTANCEUID, ZNAME, ZSTATETEXT, ZLOCKEDSTUDY) VALUES (5, ?, 'DOE JANE', 0, 0)",
                                (study,)).lastrowid
        if series not in keys:
            keys[series] = run("INSERT INTO ZSERIES (Z_ENT, ZSTUDY, ZSERIESDICOMUID, ZSERIESINSTANCEUID, ZSERIESDESCRIPTION) VALUES (4, ?, ?, ?, ?)",
                               (keys["study"], series, "001 " + series, description)).lastrowid
        run("INSERT INTO ZIMAGE (Z_ENT, ZSERIES, ZPATHNUMBER, ZPATHSTRING, ZSTOREDINDATABASEFOLDER, ZSTOREDISKEYIMAGE, "
            "ZCOMPRESSEDSOPINSTANCEUID) VALUES (2, ?, ?, ?, ?, 0, ?)",
            (keys[series], number, path, 0 if path else 1, packed_uid(instance)))

    def add_the_rest(self, linked_folder):
        run = self.database_file.execute
        # Linked: where they were, on a disk of somebody's
        linked_folder.mkdir(parents=True, exist_ok=True)
        for i in range(3):
            study = "1.2.826.88.1"
            (linked_folder / f"IMG{i}").write_bytes(dicom_file(study, f"{study}.1", f"{study}.1.{i}", i))
            self.image(study, f"{study}.1", f"{study}.1.{i}", path=str(linked_folder / f"IMG{i}"), description="CD")
        self.image("1.2.826.88.1", "1.2.826.88.1.1", "1.2.826.88.1.1.9", path="/Volumes/CD/IMG9")
        # Not looked at yet by Horos
        for i in range(2):
            study = "1.2.826.99.1"
            (self.folder / "INCOMING.noindex" / f"new{i}").write_bytes(dicom_file(study, f"{study}.1", f"{study}.1.{i}", i))
        # A region of interest, which only Horos and OsiriX understand
        study = "1.2.826.77.0"
        series = f"{study}.5002"
        self.put(self.first - 1, study, series, f"{series}.1", 1, sop_class=BASIC_TEXT_SR, description="OsiriX ROI SR", modality="SR",
                 pixels=b"typedstream" * 5)
        # Named, but gone; and what is no image
        self.image(study, f"{study}.1", "1.2.3", number=990_000)
        (self.database / str((self.first // 10_000 + 1) * 10_000) / f"{self.first - 2}.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
        self.image(study, f"{study}.1", "1.2.4", path=f"{self.first - 2}.jpg")
        for name in (".DS_Store", "DB_VERSION", "REPORTS/report.rtf", "NOT READABLE/broken.dcm", "INCOMING.noindex/._new0"):
            (self.folder / name).write_bytes(b"\0\0\0\1Bud1 or whatever this is")
        # What stands in the database only
        first = self.studies[study]["study"]
        run("INSERT INTO ZALBUM (Z_PK, Z_ENT, ZNAME, ZSMARTALBUM) VALUES (1, 1, 'Lehre', 0), (2, 1, 'Today', 1)")
        run("INSERT INTO Z_1STUDIES VALUES (1, ?)", (first,))
        run("UPDATE ZSTUDY SET ZSTATETEXT = 4, ZLOCKEDSTUDY = 1, ZCOMMENT = 'Bitte nachkontrollieren', ZCOMMENT3 = 'drei', "
            "ZREPORTURL = 'REPORTS/report.rtf' WHERE Z_PK = ?", (first,))
        run("UPDATE ZIMAGE SET ZSTOREDISKEYIMAGE = 1 WHERE ZPATHNUMBER = ?", (self.first,))
        # 3 linked, 2 incoming, 1 SR; 1 picture, 5 files and the database; 1 linked and 1 numbered file that are gone
        self.expected = {"stored": self.expected["stored"] + 6, "not_dicom": 7, "missing": 2}
