#pragma once
#include <string>
#include <string_view>

#include "notice.hpp"

namespace fermata::alarms {

/// Who sends messages, and where people look further.
struct Sender {
  std::string name;
  std::string url;  ///< may be empty
};

/// "Fermata: the disk is nearly full", or how many there are.
std::string subject_of(const Sender& sender, const Notices& notices);
/// For people, in UTF-8, with lines that end with CR LF.
std::string text_of(const Sender& sender, const Notices& notices);
/// For programs.
std::string json_of(const Sender& sender, const Notices& notices);

struct Envelope {
  std::string from;
  std::vector<std::string> to;
};

/// A whole e-mail (RFC 5322): header and text. `id` makes it unique.
std::string mail_of(const Sender& sender, const Envelope& envelope, const Notices& notices, int64_t now_us,
                    std::string_view id);

}  // namespace fermata::alarms
