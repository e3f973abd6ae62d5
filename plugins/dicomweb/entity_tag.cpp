#include "entity_tag.hpp"

#include <algorithm>

#include "fermata/implementation.hpp"
#include "fermata/query_parameters.hpp"

namespace fermata::dicomweb {
namespace {

/// FNV-1a: tells forms apart that one client asks for; it protects nothing.
uint64_t hash(std::string_view text) {
  uint64_t value = 0xcbf29ce484222325u;
  for (const char c : text) value = (value ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  return value;
}

void append_hex(std::string& to, uint8_t byte) {
  static constexpr char kDigits[] = "0123456789abcdef";
  to += kDigits[byte >> 4];
  to += kDigits[byte & 15];
}

/// Conditions on what the client has compare tags without the mark of weak ones (RFC 9110 13.1.2).
std::string_view strong(std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; }

}  // namespace

std::string entity_tag(const InstanceRecord& record, std::string_view form) {
  std::string tag = "\"";
  for (const auto byte : record.checksum) append_hex(tag, byte);
  tag += '-';
  // Another version may render or write the same thing differently.
  const auto of_form = hash(std::string(kVersion).append(" ").append(form));
  for (int shift = 56; shift >= 0; shift -= 8) append_hex(tag, static_cast<uint8_t>(of_form >> shift));
  return tag + '"';
}

bool answered_not_modified(HttpRequest& request, HttpResponse& response, std::string_view tag) {
  response.header("ETag", tag);
  response.header("Vary", "Accept");
  response.header("Cache-Control", "private, no-cache");
  const auto known = comma_list(request.header("If-None-Match"));
  const bool has_it = std::any_of(known.begin(), known.end(),
                                  [&](std::string_view one) { return one == "*" || strong(one) == strong(tag); });
  if (has_it) response.status(304);
  return has_it;
}

}  // namespace fermata::dicomweb
