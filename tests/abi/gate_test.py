"""The headers keep what is recorded, and the gate that says so sees what it has to see: every way to break plugins, tried
on a copy of the headers."""

import pathlib
import shutil
import tempfile
import unittest

import abi

STORE_END = "  int32_t (*sync)(void* self, fermata_error* error);\n"
CAPACITY_END = "  uint64_t available; /* bytes that may still be written before the reserve is touched */\n"


class Headers(unittest.TestCase):
    def test_the_headers_keep_what_is_recorded(self):
        self.assertEqual(abi.compare(abi.INCLUDE), [])


class Gate(unittest.TestCase):
    """Baseline and mutation are made of the same headers, so that these tests say something about the gate alone."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.baseline = pathlib.Path(cls.folder.name) / "baseline"
        abi.record(abi.INCLUDE, cls.baseline)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def changed(self, header, old, new):
        """What the gate says when `old` is `new` in one header."""
        with tempfile.TemporaryDirectory() as folder:
            include = pathlib.Path(folder)
            shutil.copytree(abi.INCLUDE / "fermata" / "c", include / "fermata" / "c")
            path = include / "fermata" / "c" / header
            text = path.read_text()
            self.assertEqual(text.count(old), 1, f"{header} no longer has one [{old}]")
            path.write_text(text.replace(old, new))
            return "\n".join(abi.compare(include, self.baseline))

    def test_a_function_appended_to_a_table_passes(self):
        self.assertEqual(self.changed("blob_store.h", STORE_END, STORE_END + "  int32_t (*touch)(void* self);\n"), "")

    def test_a_member_appended_to_a_record_passes(self):
        self.assertEqual(self.changed("blob_store.h", CAPACITY_END, CAPACITY_END + "  uint64_t blobs;\n"), "")

    def test_a_new_table_and_a_new_constant_pass(self):
        new = ("typedef struct fermata_notary_vt {\n  uint32_t size;\n  int32_t (*sign)(void* self);\n}"
               " fermata_notary_vt;\nenum { FERMATA_NOTARY = 7 };\n#define FERMATA_NOTARY_ID \"fermata.notary/1\"\n")
        anchor = "typedef struct fermata_blob_store_vt {"
        self.assertEqual(self.changed("blob_store.h", anchor, new + anchor), "")

    def test_a_function_inserted_is_seen(self):
        said = self.changed("blob_store.h", STORE_END, "  int32_t (*touch)(void* self);\n" + STORE_END)
        self.assertIn("fermata_blob_store_vt", said)
        self.assertIn("offset", said)

    def test_a_member_inserted_into_a_record_is_seen(self):
        self.assertIn("fermata_capacity",
                      self.changed("blob_store.h", CAPACITY_END, "  uint64_t blobs;\n" + CAPACITY_END))

    def test_a_member_put_into_padding_is_seen(self):
        self.assertIn("fermata_blob_entry",
                      self.changed("blob_store.h", "  uint32_t size;\n  fermata_str key;",
                                   "  uint32_t size;\n  uint32_t flags;\n  fermata_str key;"))

    def test_a_function_taken_away_is_seen(self):
        self.assertIn("fermata_blob_store_vt", self.changed("blob_store.h", STORE_END, ""))

    def test_functions_that_change_places_are_seen(self):
        capacity = "  int32_t (*capacity)(void* self, fermata_capacity* out, fermata_error* error);\n"
        self.assertIn("fermata_blob_store_vt",
                      self.changed("blob_store.h", capacity + STORE_END, STORE_END + capacity))

    def test_another_parameter_is_seen(self):
        self.assertIn("fermata_blob_store_vt",
                      self.changed("blob_store.h", "(*remove)(void* self, fermata_str key,",
                                   "(*remove)(void* self, const fermata_str* key,"))

    def test_another_result_is_seen(self):
        self.assertIn("fermata_blob_store_vt",
                      self.changed("blob_store.h", STORE_END, STORE_END.replace("int32_t", "int64_t")))

    def test_another_type_of_a_member_is_seen_although_one_is_appended(self):
        self.assertIn("fermata_capacity",
                      self.changed("blob_store.h", "  uint64_t total;     /* bytes the store could hold in all */\n"
                                   + CAPACITY_END, "  double total;\n" + CAPACITY_END + "  uint64_t blobs;\n"))

    def test_a_member_appended_to_what_does_not_begin_with_its_size_is_seen(self):
        self.assertIn("fermata_str", self.changed("abi.h", "  const char* data;\n  uint64_t size;\n",
                                                  "  const char* data;\n  uint64_t size;\n  uint64_t hash;\n"))

    def test_a_table_taken_away_is_seen(self):
        self.assertIn("fermata_document_cursor_vt",
                      self.changed("state_store.h", "} fermata_document_cursor_vt;",
                                   "} fermata_document_walker_vt;\n#define fermata_document_cursor_vt "
                                   "fermata_document_walker_vt"))

    def test_another_number_of_an_error_code_is_seen(self):
        self.assertEqual(self.changed("abi.h", "FERMATA_NO_SPACE = 6", "FERMATA_NO_SPACE = 13"),
                         "FERMATA_NO_SPACE was 6 and is 13")

    def test_another_service_id_is_seen(self):
        self.assertIn("fermata.blob-store/2",
                      self.changed("blob_store.h", '"fermata.blob-store/1"', '"fermata.blob-store/2"'))


if __name__ == "__main__":
    unittest.main()
