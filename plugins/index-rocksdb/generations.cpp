#include "generations.hpp"

#include <algorithm>
#include <charconv>

#include "database.hpp"
#include "keys.hpp"
#include "totals.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr std::array<const char*, kFamilies> kNames{"meta", "records", "uids",    "patients",
                                                    "keys", "headers", "changes", "state"};
constexpr std::array<Family, kFamilies> kAll{Family::meta, Family::records, Family::uids,    Family::patients,
                                             Family::keys, Family::headers, Family::changes, Family::state};

std::size_t number(Family family) { return static_cast<std::size_t>(family); }

bool is_default(Family family, uint64_t generation) { return family == Family::meta && generation == 0; }

}  // namespace

std::string family_name(Family family, uint64_t generation) {
  if (is_default(family, generation)) return rocksdb::kDefaultColumnFamilyName;
  const std::string name = kNames[number(family)];
  return generation == 0 || is_shared(family) ? name : name + '.' + std::to_string(generation);
}

std::optional<std::pair<Family, uint64_t>> parse_family_name(std::string_view name) {
  for (const auto family : kAll) {
    if (name == family_name(family, 0)) return std::pair(family, uint64_t{0});
    const std::string_view own = kNames[number(family)];
    if (is_shared(family) || name.substr(0, own.size()) != own || name.substr(own.size(), 1) != ".") continue;
    const auto digits = name.substr(own.size() + 1);
    uint64_t generation = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), generation);
    if (failure == std::errc() && generation != 0 && name == family_name(family, generation))
      return std::pair(family, generation);
  }
  return {};
}

Generations::~Generations() {
  const auto destroy = [this](rocksdb::ColumnFamilyHandle* handle) {
    if (handle != nullptr) db_.DestroyColumnFamilyHandle(handle);
  };
  for (auto& [generation, handles] : generations_) std::for_each(handles.begin(), handles.end(), destroy);
  std::for_each(shared_.begin(), shared_.end(), destroy);
  std::for_each(unknown_.begin(), unknown_.end(), destroy);
}

rocksdb::ColumnFamilyHandle*& Generations::place(Family family, uint64_t generation) {
  return (is_shared(family) ? shared_ : generations_[generation])[number(family)];
}

void Generations::add(const std::string& name, rocksdb::ColumnFamilyHandle* handle) {
  const std::lock_guard lock(mutex_);
  if (const auto known = parse_family_name(name))
    place(known->first, known->second) = handle;
  else
    unknown_.insert(handle);
}

void Generations::make(uint64_t generation) {
  const std::lock_guard lock(mutex_);
  for (const auto family : kAll) {
    auto*& handle = place(family, generation);
    if (handle == nullptr)
      check(db_.CreateColumnFamily(options_(family), family_name(family, generation), &handle), "making a family");
  }
}

bool Generations::has(uint64_t generation) const {
  const std::lock_guard lock(mutex_);
  const auto found = generations_.find(generation);
  if (found == generations_.end()) return false;
  return std::all_of(kAll.begin(), kAll.end(),
                     [&](Family family) { return is_shared(family) || found->second[number(family)] != nullptr; });
}

std::set<uint64_t> Generations::all() const {
  const std::lock_guard lock(mutex_);
  std::set<uint64_t> numbers;
  for (const auto& [generation, handles] : generations_)
    for (const auto family : kAll)
      if (!is_default(family, generation) && handles[number(family)] != nullptr) numbers.insert(generation);
  return numbers;
}

FamilyHandles Generations::handles(uint64_t generation) const {
  const std::lock_guard lock(mutex_);
  auto handles = generations_.at(generation);
  for (const auto family : kAll)
    if (is_shared(family)) handles[number(family)] = shared_[number(family)];
  return handles;
}

/// That family stays, with what belongs to no generation.
void Generations::clear_default() {
  rocksdb::WriteBatch batch;
  batch.Delete(kTotalsKey);
  batch.DeleteRange(std::string(kDayPrefix), behind_prefix(std::string(kDayPrefix)));
  check(db_.Write({}, &batch), "removing a family");
}

void Generations::remove(uint64_t generation) {
  const std::lock_guard lock(mutex_);
  const auto found = generations_.find(generation);
  if (found == generations_.end()) return;
  if (generation == 0) clear_default();
  for (const auto family : kAll) {
    auto*& handle = found->second[number(family)];
    if (handle == nullptr || is_default(family, generation)) continue;
    check(db_.DropColumnFamily(handle), "removing a family");
    db_.DestroyColumnFamilyHandle(handle);
    handle = nullptr;
  }
  if (generation != 0) generations_.erase(found);
}

}  // namespace fermata::index_rocksdb
