#pragma once
#include <xxhash.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/dimse_services.hpp"
#include "fermata/error.hpp"
#include "fermata/journal.hpp"

namespace fermata::storage_commitment::testing {

inline constexpr const char* kCt = "1.2.840.10008.5.1.4.1.1.2";
inline constexpr const char* kMr = "1.2.840.10008.5.1.4.1.1.4";

/// Instances by their UID, with bytes that may be damaged or lost.
class FakeArchive final : public Archive {
 public:
  struct Object {
    std::string sop_class = kCt;
    std::string bytes;
    Checksum checksum{};
    bool lost = false;
  };
  void add(const std::string& uid, std::string bytes = "the object's bytes") {
    Object object;
    object.bytes = std::move(bytes);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(object.bytes.data(), object.bytes.size()));
    std::memcpy(object.checksum.data(), canonical.digest, object.checksum.size());
    const std::lock_guard lock(mutex_);
    objects_[uid] = object;
  }
  void damage(const std::string& uid) {
    const std::lock_guard lock(mutex_);
    objects_.at(uid).bytes[3] ^= 1;
  }
  void lose(const std::string& uid) {
    const std::lock_guard lock(mutex_);
    objects_.at(uid).lost = true;
  }
  std::atomic<int> opened{0};
  std::function<void()> on_open = [] {};

  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
    if (selection.sop_instance_uids.empty()) throw Error(Code::internal, "not everything, please");
    const std::lock_guard lock(mutex_);
    const std::string uid(selection.sop_instance_uids.front());
    const auto found = objects_.find(uid);
    if (found == objects_.end()) return std::make_unique<Cursor>("", Object{});
    return std::make_unique<Cursor>(uid, found->second);
  }
  std::unique_ptr<ObjectReader> open(const InstanceRecord& record) override {
    ++opened;
    on_open();
    const std::lock_guard lock(mutex_);
    const auto& object = objects_.at(std::string(record.sop_instance_uid));
    if (object.lost) throw Error(Code::not_found, "the blob is missing");
    return std::make_unique<Reader>(object.bytes);
  }
  std::unique_ptr<StoreOperation> store(const StoreRequest&) override { throw Error(Code::unsupported, "not here"); }
  std::unique_ptr<MatchCursor> find(const Query&) override { throw Error(Code::unsupported, "not here"); }
  uint64_t remove(const Selection&) override { throw Error(Code::unsupported, "not here"); }
  IndexStatistics statistics() override { return {}; }

 private:
  class Cursor final : public InstanceCursor {
   public:
    Cursor(std::string uid, Object object) : uid_(std::move(uid)), object_(std::move(object)) {}
    bool next(InstanceRecord& record) override {
      if (std::exchange(done_, true) || uid_.empty()) return false;
      record.sop_instance_uid = uid_;
      record.sop_class_uid = object_.sop_class;
      record.blob_key = "2024/01/02/object.dcm";
      record.data_set_offset = 300;
      record.blob_length = 300 + object_.bytes.size();
      record.checksum = object_.checksum;
      return true;
    }

   private:
    const std::string uid_;
    const Object object_;
    bool done_ = false;
  };
  class Reader final : public ObjectReader {
   public:
    explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {}
    uint64_t length() override { return bytes_.size(); }
    uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
      const auto count = std::min<std::size_t>(into.size(), bytes_.size() - static_cast<std::size_t>(offset));
      std::memcpy(into.data(), bytes_.data() + offset, count);
      return count;
    }

   private:
    const std::string bytes_;
  };

  std::mutex mutex_;
  std::map<std::string, Object> objects_;
};

/// A report as it arrived.
struct Report {
  std::string way;  ///< "same association" or the AE title of a new one
  uint16_t event_type = 0;
  std::string transaction_uid;
  std::vector<std::string> committed;
  std::vector<std::pair<std::string, uint16_t>> failed;
};

/// The requester: takes reports, over its own association or new ones, and answers as told.
class Requester final : public DimseClient {
 public:
  std::unique_ptr<DimseAssociation> own_association() {
    return std::make_unique<Association>(*this, "same association");
  }
  std::unique_ptr<DimseAssociation> open(const DimseDestination& destination,
                                         std::span<const DimseContext> contexts) override {
    const std::lock_guard lock(mutex_);
    ++opened_;
    if (contexts.size() != 1 || contexts[0].role != DimseRole::scp) throw Error(Code::invalid, "not as SCP");
    if (!reachable) throw Error(Code::unavailable, "nobody answers at " + std::string(destination.ae_title));
    return std::make_unique<Association>(*this, std::string(destination.ae_title) + " from " +
                                                    std::string(destination.calling_ae_title) + " near " +
                                                    std::string(destination.caller_address));
  }

  std::atomic<bool> reachable{true};
  std::atomic<bool> own_association_lost{false};
  std::atomic<uint16_t> status{0};
  std::atomic<bool> silent{false};  ///< until it is aborted

  std::vector<Report> reports() {
    const std::lock_guard lock(mutex_);
    return reports_;
  }
  int opened() {
    const std::lock_guard lock(mutex_);
    return opened_;
  }

 private:
  class Association final : public DimseAssociation {
   public:
    Association(Requester& requester, std::string way) : requester_(requester), way_(std::move(way)) {}
    void request(const DimseRequest& request, std::chrono::milliseconds, DimseResponseSink& sink) override {
      if (way_ == "same association" && requester_.own_association_lost)
        throw Error(Code::unavailable, "it has released the association");
      while (requester_.silent && !aborted_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (aborted_) throw Error(Code::unavailable, "aborted");
      requester_.note(way_, request);
      DimseResponse response;
      response.status = requester_.status;
      sink.take(response);
    }
    void abort() override { aborted_ = true; }
    void store(const InstanceRecord&, std::chrono::milliseconds, DimseResponseSink&) override {
      throw Error(Code::unsupported, "not here");
    }

   private:
    Requester& requester_;
    const std::string way_;
    std::atomic<bool> aborted_{false};
  };

  void note(const std::string& way, const DimseRequest& request) {
    const dicom::DataSetView data_set(request.data_set);
    Report report{way, request.event_or_action_type, std::string(data_set.text(dicom::Tag(0x0008, 0x1195))), {}, {}};
    if (const auto sequence = data_set.find(dicom::Tag(0x0008, 0x1199)))
      for (const auto item : sequence->items()) report.committed.emplace_back(item.text(dicom::Tag(0x0008, 0x1155)));
    if (const auto sequence = data_set.find(dicom::Tag(0x0008, 0x1198)))
      for (const auto item : sequence->items())
        report.failed.emplace_back(item.text(dicom::Tag(0x0008, 0x1155)),
                                   item.find(dicom::Tag(0x0008, 0x1197))->number<uint16_t>());
    const std::lock_guard lock(mutex_);
    reports_.push_back(std::move(report));
  }

  std::mutex mutex_;
  std::vector<Report> reports_;
  int opened_ = 0;
};

/// Until the condition holds; false if it does not within some seconds.
inline bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace fermata::storage_commitment::testing
