#include "studies/description_store.hpp"

#include <mutex>

#include "fermata/dicom/text_folding.hpp"

namespace fermata::admin {
namespace {

constexpr std::string_view kCollection = "admin.descriptions";
constexpr std::string_view kDocument = R"({"version":1})";  // what there is to know is its id
constexpr std::size_t kLongest = 256;                       // an id of the state store

bool is_letter(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

bool has_word_with(std::string_view text, std::string_view beginning) {
  for (auto at = text.find(beginning); at != std::string_view::npos; at = text.find(beginning, at + 1))
    if (at == 0 || !is_letter(text[at - 1])) return true;
  return false;
}

DescriptionStore::DescriptionStore(StateStore& store) : store_(store) {
  const auto cursor = store_.list(kCollection, {});
  for (Document document; cursor->next(document);) folded_.emplace(document.id, dicom::fold(document.id));
}

void DescriptionStore::add(std::string_view description) {
  // A backslash would be two values in a key.
  if (description.empty() || description.size() > kLongest ||
      description.find_first_of(std::string_view("\\\0", 2)) != std::string_view::npos)
    return;
  {
    const std::shared_lock lock(mutex_);
    if (folded_.size() >= kMost || folded_.find(description) != folded_.end()) return;
  }
  store_.put(kCollection, description, std::as_bytes(std::span(kDocument)), StateStore::kAny);
  const std::unique_lock lock(mutex_);
  folded_.emplace(description, dicom::fold(description));
}

std::vector<std::string> DescriptionStore::with_word(std::string_view word, std::size_t limit) const {
  std::vector<std::string> found;
  const std::shared_lock lock(mutex_);
  for (const auto& [description, folded] : folded_) {
    if (!has_word_with(folded, word)) continue;
    if (found.size() == limit) break;
    found.push_back(description);
  }
  return found;
}

}  // namespace fermata::admin
