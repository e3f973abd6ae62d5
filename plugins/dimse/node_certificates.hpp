#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "fermata/journal.hpp"
#include "tls/peer_certificate.hpp"

namespace fermata::dimse {

/// The certificates that nodes have shown since the program started and that expire soon: the condition
/// `node-certificates` names them. A renewed one, which has the same subject, takes the old one's place when it is
/// shown.
///
/// *Used by* whoever accepts and opens associations. **Thread**: any number at once. **Ownership**: borrows the
/// journal.
class NodeCertificates {
 public:
  using Clock = std::chrono::system_clock;
  NodeCertificates(std::chrono::milliseconds warn_before, const Journal& journal)
      : warn_before_(warn_before), journal_(journal) {}

  void saw(std::string_view ae_title, const tls::PeerCertificate& certificate, Clock::time_point now = Clock::now());
  void look(Clock::time_point now = Clock::now());  ///< again and again: tells the host

 private:
  struct Shown {
    std::string ae_title;  ///< the last one that it was shown for
    Clock::time_point expires;
  };
  const std::chrono::milliseconds warn_before_;
  const Journal& journal_;
  std::mutex mutex_;
  std::map<std::string, Shown> soon_;  ///< by subject; under mutex_
};

}  // namespace fermata::dimse
