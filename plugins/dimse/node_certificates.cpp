#include "node_certificates.hpp"

#include "tls/expiry.hpp"

namespace fermata::dimse {
namespace {

constexpr std::string_view kCondition = "node-certificates";
constexpr std::chrono::days kToldAfterwards{7};  // by then it was renewed under another name, or is not missed

constexpr std::size_t kMost = 100;

}  // namespace

void NodeCertificates::saw(std::string_view ae_title, const tls::PeerCertificate& certificate, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (certificate.expires - now >= warn_before_)
    soon_.erase(certificate.subject);
  else if (soon_.contains(certificate.subject) || soon_.size() < kMost)
    soon_[certificate.subject] = {std::string(ae_title), certificate.expires};
}

void NodeCertificates::look(Clock::time_point now) {
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(soon_, [&](const auto& entry) { return now - entry.second.expires > kToldAfterwards; });
    for (const auto& [subject, shown] : soon_)
      text += (text.empty() ? "" : "; ") + ("the certificate of " + shown.ae_title) + " (" + subject + ") " +
              tls::expiry_text(shown.expires, now);
  }
  if (text.empty()) return journal_.condition(kCondition, ConditionLevel::fine, {}, {});
  text.front() = 'T';
  journal_.condition(kCondition, ConditionLevel::warning, text,
                     "Renew it on that node: afterwards it is refused. This goes away when the node shows the new one");
}

}  // namespace fermata::dimse
