#include "search_words.hpp"

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

bool is_letter(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool has_word_with(std::string_view text, std::string_view beginning) {
  for (auto at = text.find(beginning); at != std::string_view::npos; at = text.find(beginning, at + 1))
    if (at == 0 || !is_letter(text[at - 1])) return true;
  return false;
}

}  // namespace

SearchWords::SearchWords(std::string_view text) {
  while (!text.empty()) {
    const auto word = text.substr(0, text.find_first_of(kSeparators));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words_.push_back(dicom::fold(word));
  }
  std::stable_sort(words_.begin(), words_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::vector<Keys> SearchWords::keys() const {
  const auto& word = words_.front();
  const bool within = word.size() >= kIndexedPart;
  return {
      {{dicom::kPatientName, within ? "*" + word + "*" : word + "*\\*^" + word + "*"}},
      {{dicom::kPatientId, word + "*"}},
      {{dicom::kAccessionNumber, word + "*"}},
      {{kStudyDescription, "*" + word + "*"}},
  };
}

bool SearchWords::match(dicom::DataSetView study) const {
  const std::array texts{dicom::fold(study.text(dicom::kPatientName)), dicom::fold(study.text(kStudyDescription))};
  const std::array numbers{dicom::fold(study.text(dicom::kPatientId)),
                           dicom::fold(study.text(dicom::kAccessionNumber))};
  return std::all_of(words_.begin(), words_.end(), [&](const std::string& word) {
    return std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return has_word_with(text, word); }) ||
           std::any_of(numbers.begin(), numbers.end(), [&](const auto& text) { return text.starts_with(word); });
  });
}

}  // namespace fermata::admin
