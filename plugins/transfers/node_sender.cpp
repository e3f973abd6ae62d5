#include "node_sender.hpp"

#include <chrono>
#include <cstdio>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::transfers {
namespace {

constexpr std::chrono::minutes kResponseTimeout{2};

class Status final : public DimseResponseSink {
 public:
  bool take(const DimseResponse& response) override {
    value = response.status;
    return true;
  }
  uint16_t value = 0;
};

/// PS3.7 Annex C: warnings are Bxxx, and three from before that order. The object has been stored.
bool is_success(uint16_t status) {
  return status == 0 || (status & 0xf000) == 0xb000 || status == 0x0001 || status == 0x0107 || status == 0x0116;
}

bool is_out_of_resources(uint16_t status) { return (status & 0xff00) == 0xa700; }  // PS3.4 B.2.3

std::string status_text(uint16_t status) {
  char text[16];
  std::snprintf(text, sizeof text, "status 0x%04X", status);
  return text;
}

}  // namespace

NodeSender::NodeSender(DimseClient& client, OpenAssociations& open, std::string node, StoredKinds kinds,
                       std::vector<std::string> preferred)
    : client_(client), open_(open), node_(std::move(node)), kinds_(std::move(kinds)), preferred_(std::move(preferred)) {
  groups_.emplace(kinds_, preferred_);
}

NodeSender::~NodeSender() { close(); }

void NodeSender::close() {
  if (!association_) return;
  open_.remove(*association_);
  association_.reset();
}

/// What has arrived since the kinds were surveyed.
void NodeSender::know(const InstanceRecord& record) {
  const auto found = kinds_.find(record.sop_class_uid);
  if (found != kinds_.end() && found->second.count(std::string(record.transfer_syntax_uid)) != 0) return;
  close();
  kinds_[std::string(record.sop_class_uid)].emplace(record.transfer_syntax_uid);
  groups_.emplace(kinds_, preferred_);
}

DimseAssociation& NodeSender::association_for(const InstanceRecord& record) {
  know(record);
  const auto group = groups_->group_of(record.sop_class_uid);
  if (association_ && group == group_) return *association_;
  close();
  DimseDestination destination;
  destination.ae_title = node_;
  association_ = client_.open(destination, groups_->contexts(group));
  group_ = group;
  open_.add(*association_);
  return *association_;
}

NodeSender::Outcome NodeSender::send(const InstanceRecord& record) {
  auto& association = association_for(record);
  Status status;
  try {
    association.store(record, kResponseTimeout, status);
  } catch (const Error& error) {
    if (error.code() == Code::unavailable || error.code() == Code::cancelled) {
      close();
      throw Error(Code::unavailable, error.what());
    }
    if (error.code() == Code::not_found) return Outcome::gone;
    reason_ = error.what();
    return Outcome::not_taken;
  }
  return judge(status.value);
}

NodeSender::Outcome NodeSender::judge(uint16_t status) {
  if (is_success(status)) return Outcome::taken;
  reason_ = status_text(status);
  if (is_out_of_resources(status))
    throw Error(Code::unavailable, node_ + " is out of resources (" + reason_ + "): its disk may be full");
  return Outcome::not_taken;
}

}  // namespace fermata::transfers
