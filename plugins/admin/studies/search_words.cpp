#include "studies/search_words.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "fermata/dicom/text_folding.hpp"

namespace fermata::admin {
namespace {

using dicom::Tag;

constexpr Tag kStudyDescription{0x0008, 0x1030};
/// Between words as people type them; and what has a meaning of its own in a key (PS3.4 C.2.2.2.4).
constexpr std::string_view kSeparators = " \t\r\n,;^=*?\\";
constexpr std::size_t kIndexedPart = 3;

/// Descriptions in one key: its length has 16 bits.
constexpr std::size_t kDescriptionsInKey = 200;
/// With more of them nearly every study has the word.
constexpr std::size_t kMostDescriptions = 10 * kDescriptionsInKey;

/// With the first character, or all but the first, in another case.
std::string with_case(std::string_view text, UChar32 (*first)(UChar32), UChar32 (*others)(UChar32)) {
  std::string out;
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    const bool is_first = i == 0;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, size, c);
    if (c < 0) return std::string(text);
    c = (is_first ? first : others)(c);
    char encoded[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(encoded, length, c);
    out.append(encoded, static_cast<std::size_t>(length));
  }
  return out;
}

/// Case counts in all attributes but names (PS3.4 C.2.2.2.1): a pattern for each of the ways in which people write.
std::string beginnings(const std::string& word) {
  std::vector<std::string> ways{word, with_case(word, u_tolower, u_tolower), with_case(word, u_toupper, u_toupper),
                                with_case(word, u_toupper, u_tolower)};
  std::sort(ways.begin(), ways.end());
  ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
  std::string list;
  for (const auto& way : ways) {
    if (!list.empty()) list += '\\';
    list.append(way).append("*");
  }
  return list;
}

}  // namespace

SearchWords::SearchWords(std::string_view text) {
  while (!text.empty()) {
    const auto word = text.substr(0, text.find_first_of(kSeparators));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    words_.push_back({std::string(word), dicom::fold(word)});
  }
  std::stable_sort(words_.begin(), words_.end(),
                   [](const Word& a, const Word& b) { return a.typed.size() > b.typed.size(); });
}

/// Names and numbers belong to one patient, words of descriptions to many. Of equals, the longest.
const SearchWords::Word& SearchWords::rarest(const DescriptionStore& descriptions) const {
  const auto found = std::find_if(words_.begin(), words_.end(),
                                  [&](const Word& word) { return descriptions.with_word(word.folded, 1).empty(); });
  return found == words_.end() ? words_.front() : *found;
}

std::vector<Keys> SearchWords::keys(const DescriptionStore& descriptions) const {
  const auto& [typed, word] = rarest(descriptions);
  const bool within = word.size() >= kIndexedPart;
  std::vector<Keys> sets{
      {{dicom::kPatientName, within ? "*" + word + "*" : word + "*\\*^" + word + "*"}},
      {{dicom::kPatientId, beginnings(typed)}},
      {{dicom::kAccessionNumber, beginnings(typed)}},
      // Descriptions that came just now may not be known yet.
      {{kStudyDescription, beginnings(typed)}},
  };
  const auto found = descriptions.with_word(word, kMostDescriptions);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i % kDescriptionsInKey == 0) sets.push_back({{kStudyDescription, {}}});
    auto& list = sets.back()[kStudyDescription];
    if (!list.empty()) list += '\\';
    list += found[i];
  }
  return sets;
}

bool SearchWords::match(dicom::DataSetView study) const {
  const std::array texts{dicom::fold(study.text(dicom::kPatientName)), dicom::fold(study.text(kStudyDescription))};
  const std::array numbers{dicom::fold(study.text(dicom::kPatientId)),
                           dicom::fold(study.text(dicom::kAccessionNumber))};
  return std::all_of(words_.begin(), words_.end(), [&](const Word& word) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const auto& text) { return has_word_with(text, word.folded); }) ||
           std::any_of(numbers.begin(), numbers.end(), [&](const auto& text) { return text.starts_with(word.folded); });
  });
}

}  // namespace fermata::admin
