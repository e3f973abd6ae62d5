#pragma once
#include <chrono>
#include <string>

#include "fermata/journal.hpp"
#include "tls/context.hpp"

namespace fermata::tls {

using Clock = std::chrono::system_clock;

/// "expires in 3 days, on 2026-12-01", or "has expired on 2026-11-20".
std::string expiry_text(Clock::time_point expires, Clock::time_point now);

/// Tells the host when the certificate that this side shows expires: the gauge `certificate_seconds_left`, and the
/// condition `certificate` from a while before, or if its files can't be used any more.
///
/// *Used by* http and dimse, again and again. **Thread**: one at a time. **Ownership**: borrows all.
class Expiry {
 public:
  /// `use`: what the certificate is for, "HTTPS".
  Expiry(Context& context, std::string use, const Journal& journal)
      : context_(context), use_(std::move(use)), journal_(journal) {}
  void look(Clock::time_point now = Clock::now());

 private:
  Context& context_;
  const std::string use_;
  const Journal& journal_;
};

}  // namespace fermata::tls
