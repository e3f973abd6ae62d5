#include "stored_studies.hpp"

#include "audit_notes.hpp"
#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

constexpr std::chrono::minutes kLongest{5};

}  // namespace

void StoredStudies::count(AuditTrail& trail, const Caller& caller, std::string_view study_instance_uid) {
  const auto now = std::chrono::steady_clock::now();
  if (instances_ > 0 && (study_ != study_instance_uid || now - begin_ > kLongest)) tell();
  if (instances_ == 0) {
    trail_ = &trail;
    actor_ = actor(caller);
    where_ = where(caller);
    address_ = caller.address;
    study_ = study_instance_uid;
    begin_ = now;
  }
  ++instances_;
}

void StoredStudies::tell() noexcept {
  if (instances_ == 0) return;
  try {
    const auto detail = where_ + std::to_string(instances_) + " instances";
    AuditEvent event;
    event.action = audit::kStudyStored;
    event.user = actor_;
    event.peer_address = address_;
    event.object = study_;
    event.detail = detail;
    trail_->record(event);
  } catch (const std::exception&) {  // the trail says itself when it can't be written
  }
  instances_ = 0;
}

}  // namespace fermata::dimse
