#include "ae_title.hpp"

#include <algorithm>

#include "fermata/error.hpp"

namespace fermata::application_entities {
namespace {

constexpr std::size_t kLongestTitle = 16;

bool is_printable(char c) { return c >= 0x20 && c <= 0x7e; }

}  // namespace

std::string_view trimmed_ae_title(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string checked_ae_title(std::string_view text) {
  const auto title = trimmed_ae_title(text);
  const auto complain = [&](const char* rule) {
    throw Error(Code::invalid, "the AE title \"" + printable(text, 64) + "\" " + rule);
  };
  if (title.empty()) complain("is empty: give it 1 to 16 characters");
  if (title.size() > kLongestTitle) complain("is longer than 16 characters: shorten it");
  if (!std::all_of(title.begin(), title.end(), [](char c) { return is_printable(c) && c != '\\'; }))
    complain("has characters that DICOM does not allow: use letters, digits and punctuation, but no backslash");
  return std::string(title);
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out(text.substr(0, limit));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return !is_printable(c); }, '?');
  return out;
}

}  // namespace fermata::application_entities
