#include "certificate_name.hpp"

#include <algorithm>

#include "fermata/error.hpp"

namespace fermata::application_entities {
namespace {

constexpr std::size_t kFingerprint = 64;  // digits of SHA-256
constexpr std::size_t kLongest = 512;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
bool is_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// What follows the label that `openssl x509 -subject` or `-fingerprint` puts before it.
std::string_view without_label(std::string_view text) {
  for (const std::string_view label : {"subject=", "sha256 fingerprint="})
    if (text.size() >= label.size() &&
        std::equal(label.begin(), label.end(), text.begin(), [](char a, char b) { return a == lower(b); }))
      return trimmed(text.substr(label.size()));
  return text;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ':') digits += lower(c);
  return digits;
}

}  // namespace

std::string checked_certificate_name(std::string_view ae_title, std::string_view name) {
  name = without_label(trimmed(name));
  if (name.empty()) return {};
  auto digits = digits_of(name);
  if (std::all_of(digits.begin(), digits.end(), is_digit)) {
    if (digits.size() == kFingerprint) return digits;
    throw Error(Code::invalid, "the certificate of the node " + std::string(ae_title) +
                                   " is no SHA-256 fingerprint: that has 64 hexadecimal digits");
  }
  if (name.find('=') == std::string_view::npos || name.size() > kLongest)
    throw Error(Code::invalid, "the certificate of the node " + std::string(ae_title) +
                                   " is neither a SHA-256 fingerprint nor a subject such as CN=ct1,O=Hospital");
  return std::string(name);
}

}  // namespace fermata::application_entities
