#include "studies/label_store.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <mutex>

#include "fermata/error.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kCollection = "admin.labels";
constexpr int64_t kVersion = 1;

std::string trimmed(std::string_view label) {
  while (!label.empty() && label.front() == ' ') label.remove_prefix(1);
  while (!label.empty() && label.back() == ' ') label.remove_suffix(1);
  return utf8(label);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void check(const std::string& label) {
  const bool control = std::any_of(label.begin(), label.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (label.empty() || characters(label) > LabelStore::kLongest || control)
    throw Error(Code::invalid, "a label is 1 to 40 characters of text");
}

std::set<std::string, std::less<>> read(const Document& document) {
  json::error_code error;
  const auto value =
      json::parse({reinterpret_cast<const char*>(document.content.data()), document.content.size()}, error);
  const auto* labels = !error && value.is_object() ? value.as_object().if_contains("labels") : nullptr;
  if (labels == nullptr || !labels->is_array())
    throw Error(Code::corrupt, "the labels of study " + std::string(document.id) + " can't be read");
  std::set<std::string, std::less<>> set;
  for (const auto& label : labels->as_array())
    if (label.is_string()) set.emplace(label.as_string());
  return set;
}

}  // namespace

LabelStore::LabelStore(StateStore& store) : store_(store) {
  const auto cursor = store_.list(kCollection, {});
  for (Document document; cursor->next(document);) put_in_memory(std::string(document.id), read(document));
}

std::vector<std::string> LabelStore::of(std::string_view study) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_study_.find(study);
  if (found == by_study_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::vector<std::string> LabelStore::studies(std::string_view label) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_label_.find(label);
  if (found == by_label_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::map<std::string, std::set<std::string, std::less<>>, std::less<>> LabelStore::all() const {
  const std::shared_lock lock(mutex_);
  return by_label_;
}

std::vector<std::string> LabelStore::set(std::string_view study, const std::vector<std::string>& labels) {
  Set wanted;
  for (const auto& label : labels) {
    auto text = trimmed(label);
    check(text);
    wanted.insert(std::move(text));
  }
  if (wanted.size() > kMost) throw Error(Code::invalid, "a study has up to 20 labels");
  if (wanted.empty()) {
    forget(study);
    return {};
  }
  const std::unique_lock lock(mutex_);
  keep(study, wanted);
  return {wanted.begin(), wanted.end()};
}

void LabelStore::add(std::string_view study, const std::vector<std::string>& labels) {
  const std::unique_lock lock(mutex_);
  const auto before = by_study_.find(study);
  Set all = before == by_study_.end() ? Set() : before->second;
  const auto known = all.size();
  for (const auto& label : labels) {
    auto text = trimmed(label);
    check(text);
    if (all.size() < kMost) all.insert(std::move(text));
  }
  if (all.size() != known) keep(study, all);
}

/// With the lock held.
void LabelStore::keep(std::string_view study, const Set& labels) {
  const auto text =
      json::serialize(json::object{{"version", kVersion}, {"labels", json::array(labels.begin(), labels.end())}});
  store_.put(kCollection, study, std::as_bytes(std::span(text)), StateStore::kAny);
  put_in_memory(std::string(study), labels);
}

void LabelStore::forget(std::string_view study) {
  const std::unique_lock lock(mutex_);
  if (by_study_.find(study) == by_study_.end()) return;
  store_.remove(kCollection, study, StateStore::kAny);
  put_in_memory(std::string(study), {});
}

void LabelStore::put_in_memory(const std::string& study, const Set& labels) {
  if (const auto before = by_study_.find(study); before != by_study_.end()) {
    for (const auto& label : before->second) {
      const auto studies = by_label_.find(label);
      studies->second.erase(study);
      if (studies->second.empty()) by_label_.erase(studies);
    }
    by_study_.erase(before);
  }
  if (labels.empty()) return;
  by_study_[study] = labels;
  for (const auto& label : labels) by_label_[label].insert(study);
}

}  // namespace fermata::admin
