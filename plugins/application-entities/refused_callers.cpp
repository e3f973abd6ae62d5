#include "refused_callers.hpp"

#include "ae_title.hpp"

namespace fermata::application_entities {
namespace {

constexpr std::size_t kLongestTitle = 16;
constexpr std::size_t kLongestAddress = 64;
constexpr std::size_t kLongestText = 160;

std::string title(std::string_view text) { return printable(trimmed_ae_title(text), kLongestTitle); }

}  // namespace

void RefusedCallers::remember(const Caller& caller, std::string_view wanted, std::string_view reason, int64_t now_us) {
  Key key(title(caller.calling_ae_title), printable(caller.address, kLongestAddress));
  const std::lock_guard lock(mutex_);
  const auto known = by_caller_.find(key);
  if (known == by_caller_.end()) {
    RefusedRecord record{key.first, "", key.second, "", "", now_us, now_us, 0};
    add(records_.begin(), std::move(record));
  } else {
    records_.splice(records_.begin(), records_, known->second);
  }
  auto& record = records_.front();
  record.called_ae_title = title(caller.called_ae_title);
  record.wanted = printable(wanted, kLongestText);
  record.reason = printable(reason, kLongestText);
  record.last_us = now_us;
  ++record.times;
  changed_ = true;
}

void RefusedCallers::forget(std::string_view calling_ae_title, std::string_view address) {
  const Key key(title(calling_ae_title), printable(address, kLongestAddress));
  const std::lock_guard lock(mutex_);
  const auto known = by_caller_.find(key);
  if (known == by_caller_.end()) return;
  records_.erase(known->second);
  by_caller_.erase(known);
  changed_ = true;
}

std::vector<RefusedRecord> RefusedCallers::all() const {
  const std::lock_guard lock(mutex_);
  return {records_.begin(), records_.end()};
}

void RefusedCallers::restore(std::vector<RefusedRecord> records) {
  const std::lock_guard lock(mutex_);
  for (auto& record : records) {
    if (records_.size() >= capacity_) break;
    if (!by_caller_.contains({record.calling_ae_title, record.address})) add(records_.end(), std::move(record));
  }
}

std::optional<std::vector<RefusedRecord>> RefusedCallers::take_changes() {
  const std::lock_guard lock(mutex_);
  if (!changed_) return {};
  changed_ = false;
  return std::vector<RefusedRecord>(records_.begin(), records_.end());
}

void RefusedCallers::keep_changes() {
  const std::lock_guard lock(mutex_);
  changed_ = true;
}

void RefusedCallers::add(Records::iterator where, RefusedRecord record) {
  const auto it = records_.insert(where, std::move(record));
  by_caller_.emplace(Key(it->calling_ae_title, it->address), it);
  if (records_.size() > capacity_) drop_oldest();
}

void RefusedCallers::drop_oldest() {
  const auto& oldest = records_.back();
  by_caller_.erase({oldest.calling_ae_title, oldest.address});
  records_.pop_back();
}

}  // namespace fermata::application_entities
