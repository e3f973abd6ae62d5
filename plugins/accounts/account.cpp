#include "account.hpp"

#include <algorithm>
#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <locale>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestDisplayName = 200;
constexpr std::size_t kLongestEmail = 254;
constexpr std::size_t kShortestPassword = 10;
constexpr std::size_t kLongestPassword = 1024;
constexpr std::size_t kLongestValue = 64;
constexpr std::size_t kMostValues = 100;
constexpr std::array kAttributes{kReferringPhysician, kInstitution, kModality, kLabel};

std::string lower(std::string_view text) {
  return boost::algorithm::to_lower_copy(std::string(text), std::locale::classic());
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < 0x20) || c == 0x7f; });
}

/// Characters, not bytes, of UTF-8.
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void check_rule(const VisibilityRule& rule) {
  if (std::find(kAttributes.begin(), kAttributes.end(), rule.attribute) == kAttributes.end())
    throw Error(Code::invalid, "A rule of visibility is by referring_physician, institution, modality or label.");
  if (rule.values.empty() || rule.values.size() > kMostValues)
    throw Error(Code::invalid, "A rule of visibility has 1 to 100 values.");
  for (const auto& value : rule.values)
    if (value.empty() || length(value) > kLongestValue || has_control_characters(value) ||
        value.find('\\') != std::string::npos)
      throw Error(Code::invalid,
                  "A value of a rule of visibility has 1 to 64 characters, none of them a control character or \\.");
}

}  // namespace

bool Account::may(std::string_view permission) const {
  const auto* known = role_named(role);
  return (known != nullptr && known->may(permission)) || std::find(also.begin(), also.end(), permission) != also.end();
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '@' || c == '-';
  });
}

std::string checked_name(std::string_view name) {
  if (!is_name(name))
    throw Error(Code::invalid, "An account's name has 1 to 64 letters, digits and the characters . _ @ -");
  return lower(name);
}

std::string checked_display_name(std::string_view text) {
  if (length(text) > kLongestDisplayName || has_control_characters(text))
    throw Error(Code::invalid, "A display name has at most 200 characters, none of them a control character.");
  return std::string(text);
}

std::string checked_email(std::string_view text) {
  const auto at = text.find('@');
  const bool plausible = at != 0 && at != std::string_view::npos && at + 1 < text.size() &&
                         text.find_first_of(" <>,;\"") == std::string_view::npos;
  if (!text.empty() && (text.size() > kLongestEmail || has_control_characters(text) || !plausible))
    throw Error(Code::invalid, "This is no address for e-mail.");
  return std::string(text);
}

std::vector<std::string> checked_also(std::vector<std::string> wanted) {
  const auto all = permissions();
  for (const auto& permission : wanted) {
    if (std::find(all.begin(), all.end(), permission) == all.end())
      throw Error(Code::invalid,
                  "There is no such permission. GET /api/roles has them all: those of the administrator.");
    if (permission == kManageUsers)
      throw Error(Code::invalid,
                  "The permission users.manage can't be given by itself: make the account an administrator.");
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

std::vector<VisibilityRule> checked_visibility(std::vector<VisibilityRule> rules) {
  if (rules.size() > kAttributes.size() * 2)
    throw Error(Code::invalid, "An account has at most 8 rules of visibility.");
  for (const auto& rule : rules) check_rule(rule);
  return rules;
}

void check_password(std::string_view name, std::string_view password) {
  if (length(password) < kShortestPassword)
    throw Error(Code::invalid, "A password has at least 10 characters. Several words make a good one.");
  if (password.size() > kLongestPassword) throw Error(Code::invalid, "A password has at most 1024 bytes.");
  if (lower(password) == lower(name)) throw Error(Code::invalid, "A password must not be the account's name.");
}

}  // namespace fermata::accounts
