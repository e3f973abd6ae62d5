#pragma once
#include <string>

#include "fermata/archive.hpp"
#include "fermata/error.hpp"
#include "fermata/testing/memory_index.hpp"
#include "fermata/testing/sample_instance.hpp"

namespace fermata::transfers {

inline constexpr const char* kCt = "1.2.840.10008.5.1.4.1.1.2";
inline constexpr const char* kMr = "1.2.840.10008.5.1.4.1.1.4";
inline constexpr const char* kExplicit = "1.2.840.10008.1.2.1";
inline constexpr const char* kJpegLossless = "1.2.840.10008.1.2.4.70";

/// An archive that knows instances, and has no objects.
class MemoryArchive final : public Archive {
 public:
  /// Instances "series.1", "series.2", ...
  void put(const std::string& study, const std::string& series, int instances, const std::string& sop_class = kCt,
           const std::string& transfer_syntax = kExplicit) {
    const auto transaction = index_.begin(study);
    for (int i = 1; i <= instances; ++i) {
      testing::SampleInstance made(study, series, series + "." + std::to_string(i));
      made.set(testing::attribute::instance_number, std::to_string(i));
      auto record = made.record();
      record.sop_class_uid = sop_class;
      record.transfer_syntax_uid = transfer_syntax;
      transaction->upsert(record);
    }
    transaction->commit();
  }
  void take_away(const std::string& study, const std::string& instance) {
    const auto transaction = index_.begin(study);
    transaction->remove(instance);
    transaction->commit();
  }

  std::unique_ptr<StoreOperation> store(const StoreRequest&) override { throw Error(Code::unsupported, "not here"); }
  std::unique_ptr<MatchCursor> find(const Query& query) override { return index_.find(query); }
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override { return index_.instances(selection); }
  std::unique_ptr<ObjectReader> open(const InstanceRecord&) override { throw Error(Code::unsupported, "not here"); }
  uint64_t remove(const Selection&) override { return 0; }
  IndexStatistics statistics() override { return index_.statistics(); }

 private:
  testing::MemoryIndex index_;
};

}  // namespace fermata::transfers
