#include "studies/note_store.hpp"

#include <boost/json.hpp>

#include "fermata/error.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kCollection = "admin.notes";
constexpr int64_t kVersion = 1;

}  // namespace

std::map<std::string, std::string> NoteStore::of(std::string_view study) const {
  const auto cursor = store_.list(kCollection, study);
  Document document;
  if (!cursor->next(document) || document.id != study) return {};
  json::error_code error;
  const auto value =
      json::parse({reinterpret_cast<const char*>(document.content.data()), document.content.size()}, error);
  const auto* notes = !error && value.is_object() ? value.as_object().if_contains("notes") : nullptr;
  if (notes == nullptr || !notes->is_object())
    throw Error(Code::corrupt, "the notes on study " + std::string(study) + " can't be read");
  std::map<std::string, std::string> all;
  for (const auto& [origin, text] : notes->as_object())
    if (text.is_string()) all.emplace(origin, text.as_string());
  return all;
}

void NoteStore::put(std::string_view study, std::string_view origin, std::string_view text) {
  if (study.empty() || origin.empty() || origin.size() > kLongestOrigin)
    throw Error(Code::invalid, "a note is on a study, and from somewhere");
  if (text.size() > kLongest) throw Error(Code::invalid, "a note has up to 16 KiB of text");
  const std::lock_guard lock(writing_);
  auto all = of(study);
  const auto before = all;
  if (text.empty())
    all.erase(std::string(origin));
  else
    all[utf8(origin)] = utf8(text);
  if (all == before) return;
  if (all.empty()) return store_.remove(kCollection, study, StateStore::kAny);
  json::object notes;
  for (const auto& [from, note] : all) notes[from] = note;
  const auto content = json::serialize(json::object{{"version", kVersion}, {"notes", std::move(notes)}});
  store_.put(kCollection, study, std::as_bytes(std::span(content)), StateStore::kAny);
}

}  // namespace fermata::admin
