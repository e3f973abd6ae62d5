#pragma once
#include <memory>
#include <string>
#include <vector>

#include "archive_service.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/testing/memory_blob_store.hpp"
#include "fermata/testing/memory_index.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "stored_object.hpp"

namespace fermata::archive::testing {

using Bytes = std::span<const std::byte>;
constexpr std::string_view kExplicitLittle = "1.2.840.10008.1.2.1";
constexpr std::string_view kImplicitLittle = "1.2.840.10008.1.2";
constexpr std::string_view kExplicitBig = "1.2.840.10008.1.2.2";
constexpr std::string_view kDeflated = "1.2.840.10008.1.2.1.99";
constexpr std::string_view kSecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";

/// A StoreOutcome that owns its strings.
struct Result {
  StoreOutcome::Kind kind;
  StoreOutcome::Refusal refusal;
  std::string reason;
  std::string sop_instance;
};

inline Result store(Archive& archive, Bytes data, std::string_view transfer_syntax, std::size_t chunk = 4096,
                    StoreRequest request = {}) {
  request.transfer_syntax_uid = transfer_syntax;
  if (request.calling_ae_title.empty()) request.calling_ae_title = "SENDER";
  const auto operation = archive.store(request);
  for (std::size_t at = 0; at < data.size(); at += chunk)
    operation->append(data.subspan(at, std::min(chunk, data.size() - at)));
  const auto outcome = operation->finish();
  return {outcome.kind, outcome.refusal, std::string(outcome.reason), std::string(outcome.sop_instance_uid)};
}

inline std::vector<std::byte> read_all(ObjectReader& reader) {
  std::vector<std::byte> bytes(reader.length());
  std::size_t at = 0;
  while (at < bytes.size())
    at += reader.read_at(at, std::span(bytes).subspan(at, std::min<std::size_t>(1000, bytes.size() - at)));
  return bytes;
}

/// A small object in Explicit VR Little Endian.
struct Object {
  std::string study = "1.2.3";
  std::string series = "1.2.3.4";
  std::string sop_instance = "1.2.3.4.5";
  std::string sop_class{kSecondaryCapture};
  std::string patient_name = "Doe^Jane";
  std::string character_set;
  std::size_t pixels = 512;
  std::string after_pixels;

  std::vector<std::byte> encode() const {
    dicom::DataSetWriter w;
    if (!character_set.empty()) w.add(dicom::kSpecificCharacterSet, "CS", character_set);
    w.add(dicom::kSopClassUid, "UI", sop_class);
    w.add(dicom::kSopInstanceUid, "UI", sop_instance);
    w.add(dicom::kModality, "CS", "OT");
    w.add(dicom::kPatientName, "PN", patient_name);
    w.add(dicom::kPatientId, "LO", "P1");
    w.add(dicom::kStudyInstanceUid, "UI", study);
    w.add(dicom::kSeriesInstanceUid, "UI", series);
    if (pixels != 0) w.add(dicom::kPixelData, "OW", std::vector<std::byte>(pixels, std::byte{0x2a}));
    if (!after_pixels.empty()) {
      w.add(dicom::Tag(0x7fe1, 0x0010), "LO", "FERMATA TEST");
      w.add(dicom::Tag(0x7fe1, 0x1000), "LO", after_pixels);
    }
    return w.take();
  }
};

/// To be put behind an object: text in a sequence, which is part of its header.
inline std::vector<std::byte> large_sequence(std::size_t bytes, char filling = 'x') {
  dicom::DataSetWriter w;
  w.begin_sequence(dicom::Tag(0x0040, 0x0260));
  w.begin_item();
  w.add(dicom::Tag(0x0040, 0x0280), "UT", std::string(bytes, filling));
  w.end();
  w.end();
  return w.take();
}

struct LogLine {
  LogLevel level;
  std::string text;
};

/// An archive on reference stores; `restart` is what a crash and the next start do to it.
class Fixture {
 public:
  explicit Fixture(Settings s = {}) : settings(s) { start(); }

  void start(std::vector<NamedHook> hooks = {}) {
    service = std::make_unique<ArchiveService>(blobs, index, state, std::move(hooks), settings, journal);
    service->serve();
  }
  void restart() {
    service.reset();
    start();
  }
  std::optional<StoredObject> find(std::string_view sop_instance) {
    Selection selection;
    selection.sop_instance_uids = std::span(&sop_instance, 1);
    selection.with_headers = true;
    const auto cursor = service->instances(selection);
    InstanceRecord record;
    if (!cursor->next(record)) return {};
    return StoredObject::from(record);
  }
  std::vector<std::byte> read(std::string_view sop_instance) {
    const auto object = find(sop_instance).value();
    return read_all(*service->open(object.record()));
  }
  std::vector<std::string> keys() {
    std::vector<std::string> all;
    const auto cursor = blobs.list({});
    BlobEntry entry;
    while (cursor->next(entry)) all.emplace_back(entry.key);
    return all;
  }

  Settings settings;
  Journal journal;
  fermata::testing::MemoryBlobStore blobs;
  fermata::testing::MemoryIndex index;
  fermata::testing::MemoryStateStore state;
  std::unique_ptr<ArchiveService> service;
};

}  // namespace fermata::archive::testing
