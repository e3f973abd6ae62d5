#include "report_sender.hpp"

#include <array>
#include <cstdio>

#include "event_report.hpp"
#include "fermata/error.hpp"

namespace fermata::storage_commitment {
namespace {

constexpr uint16_t kNEventReport = 0x0100;

/// Success and the warnings of PS3.7 C.3.
bool is_taken(uint16_t status) {
  return status == 0 || status == 0x0001 || status == 0x0107 || status == 0x0116 || (status & 0xf000) == 0xb000;
}

class Answer : public DimseResponseSink {
 public:
  bool take(const DimseResponse& response) override {
    status_ = response.status;
    comment_ = response.error_comment;
    return true;
  }
  /// Why the report does not count as delivered; empty if it does.
  std::string problem() const {
    if (is_taken(status_)) return {};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "the node answers the report with status 0x%04X", status_);
    return comment_.empty() ? text.data() : std::string(text.data()) + " (" + comment_ + ")";
  }

 private:
  uint16_t status_ = 0x0110;
  std::string comment_;
};

}  // namespace

std::unique_ptr<DimseAssociation> ReportSender::open(const Transaction& transaction) {
  const DimseContext contexts[] = {{kSopClassUid, {}, DimseRole::scp}};  // PS3.4 J.3.3.1.2
  return client_.open({transaction.ae_title, transaction.address, transaction.called_ae_title}, contexts);
}

std::string ReportSender::send(DimseAssociation& association, const Transaction& transaction) {
  const auto references = store_.references(transaction);
  const auto data_set = event_report(transaction.uid, settings_.retrieve_ae_title, references);
  auto event = request_with(data_set, kNEventReport, kSopClassUid);
  event.event_or_action_type = transaction.failed == 0 ? kAllCommitted : kFailuresExist;
  event.sop_instance_uid = kSopInstanceUid;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) throw Error(Code::unavailable, "the archive is shutting down");
    in_use_.insert(&association);
  }
  struct Release {
    ReportSender& self;
    DimseAssociation* association;
    ~Release() {
      const std::lock_guard lock(self.mutex_);
      self.in_use_.erase(association);
    }
  } release{*this, &association};
  Answer answer;
  association.request(event, settings_.response_timeout, answer);
  return answer.problem();
}

void ReportSender::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (auto* association : in_use_) association->abort();
}

}  // namespace fermata::storage_commitment
