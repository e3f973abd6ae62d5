#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dimse_services.hpp"

namespace fermata::testing {

/// A response that owns what it shows.
struct KeptDimseResponse {
  uint16_t status = 0;
  uint16_t event_or_action_type = 0;
  std::string sop_class_uid;
  std::string sop_instance_uid;
  std::string error_comment;
  bool has_data_set = false;
  std::vector<std::byte> data_set;

  bool pending() const { return status == 0xff00 || status == 0xff01; }
};

/// Keeps what a DIMSE service answers to one request, for a service without a network. **Thread**: one at a time.
class KeptDimseResponses final : public DimseResponder {
 public:
  std::vector<KeptDimseResponse> all;
  std::size_t cancel_after = SIZE_MAX;  ///< responses after which the peer wants no more

  void send(const DimseResponse& r) override {
    all.push_back({r.status,
                   r.event_or_action_type,
                   std::string(r.sop_class_uid),
                   std::string(r.sop_instance_uid),
                   std::string(r.error_comment),
                   r.has_data_set,
                   {r.data_set.begin(), r.data_set.end()}});
  }
  bool cancelled() override { return all.size() >= cancel_after; }
  std::unique_ptr<DimseAssociation> association() override {
    throw Error(Code::unavailable, "there is no association behind these responses");
  }
};

/// What a plugin registers, for whoever calls it in place of a network. **Thread**: any. **Ownership**: the services
/// are their plugin's.
class RegisteredServices final : public DimseServices {
 public:
  struct Registration {
    std::vector<std::string> sop_class_uids;
    Rights rights = 0;
    DimseService* service = nullptr;
  };
  void add(std::span<const std::string_view> sop_class_uids, Rights rights, DimseService& service) override {
    const std::lock_guard lock(mutex_);
    list_.push_back({{sop_class_uids.begin(), sop_class_uids.end()}, rights, &service});
  }
  std::vector<Registration> list() const {
    const std::lock_guard lock(mutex_);
    return list_;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    list_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Registration> list_;
};

}  // namespace fermata::testing
