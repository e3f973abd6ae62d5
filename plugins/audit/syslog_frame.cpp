#include "syslog_frame.hpp"

#include <unistd.h>

#include "event_filter.hpp"

namespace fermata::audit_trail {
namespace {

constexpr int kPriority = 10 * 8 + 5;
constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";  // RFC 5424 6.4

}  // namespace

std::string syslog_frame(std::string_view message, int64_t time_us, std::string_view host) {
  std::string line = "<" + std::to_string(kPriority) + ">1 " + moment_text_with_fraction(time_us) + " ";
  line += host.empty() ? "-" : host;
  line += " fermata " + std::to_string(::getpid()) + " DICOM+RFC3881 - ";
  line += kUtf8Mark;
  line += message;
  return std::to_string(line.size()) + " " + line;
}

}  // namespace fermata::audit_trail
