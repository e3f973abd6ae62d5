#pragma once
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fakes.hpp"
#include "fermata/dicom/canonical.hpp"
#include "fermata/testing/memory_index.hpp"
#include "lossless_transcoder.hpp"
#include "memory.hpp"
#include "plugin-services/memory_object.hpp"
#include "query-retrieve/finder.hpp"
#include "query-retrieve/identifier.hpp"
#include "query-retrieve/information_model.hpp"
#include "query-retrieve/retriever.hpp"
#include "sample_files.hpp"
#include "status.hpp"

namespace fermata::dimse::testing {

using namespace std::chrono_literals;
using Bytes = std::vector<std::byte>;

inline constexpr const char* kMr = "1.2.840.10008.5.1.4.1.1.4";
inline constexpr const char* kStudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
inline constexpr const char* kStudyRootMove = "1.2.840.10008.5.1.4.1.2.2.2";
inline constexpr const char* kStudyRootGet = "1.2.840.10008.5.1.4.1.2.2.3";
inline constexpr const char* kPatientRootFind = "1.2.840.10008.5.1.4.1.2.1.1";
inline constexpr const char* kPatientRootGet = "1.2.840.10008.5.1.4.1.2.1.3";
inline constexpr const char* kPatientStudyOnlyFind = "1.2.840.10008.5.1.4.1.2.3.1";

/// What viewers of the OsiriX family propose for queries and retrievals.
inline const std::vector<std::string> kTenTransferSyntaxes{
    "1.2.840.10008.1.2.1",    "1.2.840.10008.1.2",      "1.2.840.10008.1.2.2",    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.5",    "1.2.840.10008.1.2.4.100"};

/// Answers from memory what was put into it.
class MemoryArchive : public Archive {
 public:
  void put(const std::string& transfer_syntax, Bytes data_set) {
    auto end = dicom::DataSetView(data_set).begin();
    while (end != std::default_sentinel && end->tag < dicom::kPixelData) ++end;
    const auto length = end == std::default_sentinel ? data_set.size()
                                                     : static_cast<std::size_t>(end.encoded().data() - data_set.data());
    const auto header = dicom::canonical(dicom::DataSetView(std::span(data_set).first(length)));
    const dicom::DataSetView view(header);
    InstanceRecord record;
    record.study_instance_uid = view.text(dicom::kStudyInstanceUid);
    record.series_instance_uid = view.text(dicom::kSeriesInstanceUid);
    record.sop_instance_uid = view.text(dicom::kSopInstanceUid);
    record.sop_class_uid = view.text(dicom::kSopClassUid);
    record.transfer_syntax_uid = transfer_syntax;
    record.header = header;
    const auto transaction = index_.begin(record.study_instance_uid);
    transaction->upsert(record);
    transaction->commit();
    objects_[std::string(record.sop_instance_uid)] = std::move(data_set);
  }
  const Bytes& object(const std::string& sop_instance_uid) const { return objects_.at(sop_instance_uid); }
  /// The record stays, the object can't be opened any more.
  void lose(const std::string& sop_instance_uid) { objects_.erase(sop_instance_uid); }

  std::optional<Error> find_fails_with;
  bool endless = false;  ///< every query has answers without end
  std::atomic<int> open_cursors{0};

  std::unique_ptr<StoreOperation> store(const StoreRequest&) override { throw Error(Code::unsupported, "not here"); }
  std::unique_ptr<MatchCursor> find(const Query& query) override {
    if (find_fails_with) throw *find_fails_with;
    if (endless) return std::make_unique<Endless>(open_cursors);
    return index_.find(query);
  }
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override { return index_.instances(selection); }
  std::unique_ptr<ObjectReader> open(const InstanceRecord& record) override {
    const auto found = objects_.find(std::string(record.sop_instance_uid));
    if (found == objects_.end()) throw Error(Code::not_found, "the object is gone");
    return std::make_unique<MemoryObject>(found->second);
  }
  uint64_t remove(const Selection&) override { return 0; }
  IndexStatistics statistics() override { return index_.statistics(); }

 private:
  class Endless : public MatchCursor {
   public:
    explicit Endless(std::atomic<int>& open) : open_(open) {
      ++open_;
      writer_.add(dicom::kStudyInstanceUid, "UI", "1.2.3");
    }
    ~Endless() override { --open_; }
    bool next(std::span<const std::byte>& identifier) override {
      identifier = writer_.bytes();
      return true;
    }

   private:
    std::atomic<int>& open_;
    dicom::DataSetWriter writer_;
  };

  fermata::testing::MemoryIndex index_;
  std::map<std::string, Bytes> objects_;
};

/// Admits everybody and knows the nodes it is told of.
class FakeNodes : public FakeApplicationEntities {
 public:
  struct Node {
    std::string host;
    uint16_t port = 0;
    std::vector<std::string> preferred;
  };
  std::map<std::string, Node> nodes;

  std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view ae_title, const Caller&) override {
    return std::make_unique<Cursor>(*this, std::string(ae_title));
  }

 private:
  class Cursor : public ApplicationEntityCursor {
   public:
    Cursor(FakeNodes& owner, std::string ae_title) : owner_(owner), ae_title_(std::move(ae_title)) {}
    bool next(ApplicationEntity& entity) override {
      const auto found = owner_.nodes.find(ae_title_);
      if (found == owner_.nodes.end() || std::exchange(done_, true)) return false;
      preferred_.assign(found->second.preferred.begin(), found->second.preferred.end());
      entity.ae_title = ae_title_;
      entity.host = found->second.host;
      entity.port = found->second.port;
      entity.preferred_transfer_syntaxes = preferred_;
      return true;
    }

   private:
    FakeNodes& owner_;
    std::string ae_title_;
    std::vector<std::string_view> preferred_;
    bool done_ = false;
  };
};

/// Query/Retrieve over the network, with an archive in memory.
class QueryRetrieveScene {
 public:
  explicit QueryRetrieveScene(bool with_codecs = true)
      : journal_(log.journal()),
        classes_(true),
        client_(as("FERMATA")),
        finder_(archive, journal_, "FERMATA"),
        retriever_(archive, nodes, client_, with_codecs ? &transcoder_ : nullptr, journal_, {500ms, 10ms}),
        unused_storage_(unused_archive_, journal_) {
    classes_.set_storage(unused_storage_);
    for (const auto& model : information_models())
      classes_.add(model.sop_class_uid, model.rights(),
                   model.operation == InformationModel::Operation::find ? static_cast<Service&>(finder_) : retriever_);
    reception_ = std::make_unique<Reception>(ReceptionSettings{}, nodes, classes_, journal_);
    AcceptorSettings settings;
    settings.bind = "127.0.0.1";
    settings.port = 0;
    acceptor_ = std::make_unique<Acceptor>(settings, *reception_, journal_);
    acceptor_->listen();
    acceptor_->serve();
  }

  std::unique_ptr<Association> connect(const std::vector<ProposedContext>& proposed) {
    return viewer_.connect({"FERMATA", "127.0.0.1", acceptor_->port(), false}, proposed);
  }

  Log log;
  MemoryArchive archive;
  FakeNodes nodes;

 private:
  Journal journal_;
  SopClasses classes_;
  Client client_;
  Client viewer_{as("VIEWER")};
  codecs::Memory memory_{uint64_t{256} << 20};
  codecs::LosslessTranscoder transcoder_{memory_};
  Finder finder_;
  Retriever retriever_;
  FakeArchive unused_archive_;
  Storage unused_storage_;
  std::unique_ptr<Reception> reception_;
  std::unique_ptr<Acceptor> acceptor_;
};

/// A CT or MR image of 16 by 16 pixels.
inline Bytes image(const std::string& sop_class, const std::string& study, const std::string& series, int number,
                   const std::string& patient_name = "Doe^Jane", const std::string& patient_id = "4711") {
  dicom::DataSetWriter w;
  if (!dicom::is_ascii(patient_name)) w.add(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
  w.add(dicom::kSopClassUid, "UI", sop_class);
  w.add(dicom::kSopInstanceUid, "UI", series + "." + std::to_string(number));
  w.add(dicom::kStudyDate, "DA", "20240102");
  w.add(dicom::kStudyTime, "TM", "101112");
  w.add(dicom::kModality, "CS", sop_class == kCt ? "CT" : "MR");
  w.add(dicom::kPatientName, "PN", patient_name);
  w.add(dicom::kPatientId, "LO", patient_id);
  w.add(dicom::kStudyInstanceUid, "UI", study);
  w.add(dicom::kSeriesInstanceUid, "UI", series);
  w.add(dicom::kInstanceNumber, "IS", std::to_string(number));
  w.add_u16(dicom::Tag(0x0028, 0x0002), 1);
  w.add(dicom::Tag(0x0028, 0x0004), "CS", "MONOCHROME2");
  w.add_u16(dicom::Tag(0x0028, 0x0010), 16);
  w.add_u16(dicom::Tag(0x0028, 0x0011), 16);
  w.add_u16(dicom::Tag(0x0028, 0x0100), 16);
  w.add_u16(dicom::Tag(0x0028, 0x0101), 16);
  w.add_u16(dicom::Tag(0x0028, 0x0102), 15);
  w.add_u16(dicom::Tag(0x0028, 0x0103), 0);
  std::string pixels(512, '\0');
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<char>(i * 3 + static_cast<std::size_t>(number));
  w.add(dicom::kPixelData, "OW", pixels);
  return w.take();
}

/// An identifier: text elements in whatever order.
class Identifier {
 public:
  Identifier& set(dicom::Tag tag, dicom::Vr vr, std::string_view value = {}) {
    dicom::DataSetWriter w;
    w.add(tag, vr, value);
    elements_.insert_or_assign(tag, w.take());
    return *this;
  }
  Identifier& level(std::string_view name) { return set(dicom::kQueryRetrieveLevel, "CS", name); }
  Bytes bytes() const {
    Bytes all;
    for (const auto& [tag, element] : elements_) all.insert(all.end(), element.begin(), element.end());
    return all;
  }

 private:
  std::map<dicom::Tag, Bytes> elements_;
};

inline CommandSet request(uint16_t command_field, std::string_view sop_class, uint16_t message_id = 7) {
  CommandSet command;
  command.set_text(element::kAffectedSopClassUid, sop_class);
  command.set_u16(element::kCommandField, command_field);
  command.set_u16(element::kMessageId, message_id);
  command.set_u16(element::kPriority, 2);
  return command;
}

inline CommandSet cancel(uint16_t message_id = 7) {
  CommandSet command;
  command.set_u16(element::kCommandField, field::kCancel);
  command.set_u16(element::kMessageIdRespondedTo, message_id);
  return command;
}

}  // namespace fermata::dimse::testing
