#include "trash/trash_records.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <map>

#include "fermata/error.hpp"

namespace fermata::archive {
namespace {

constexpr std::string_view kRecords = "archive.trash";
constexpr std::string_view kPages = "archive.trash.instances";
constexpr std::string_view kFormat = "1";
constexpr std::size_t kPageSize = 500'000;  // a document may have 1 MiB
constexpr std::array<std::string_view, 4> kStates{"discarding", "discarded", "restoring", "purging"};

[[noreturn]] void unknown_format(std::string_view collection, std::string_view id) {
  throw Error(Code::corrupt, "the document " + std::string(id) + " in the state store's collection " +
                                 std::string(collection) +
                                 " has an unknown format: start the version of the archive that wrote it");
}

/// Takes a document apart, line by line.
class Lines {
 public:
  Lines(std::string_view collection, const Document& document)
      : collection_(collection),
        id_(document.id),
        rest_(reinterpret_cast<const char*>(document.content.data()), document.content.size()) {
    if (next() != kFormat) fail();
  }
  bool at_end() const { return rest_.empty(); }
  std::string_view next() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) fail();
    return take(end, 1);
  }
  template <class Number>
  Number number() {
    const auto text = next();
    Number value{};
    if (std::from_chars(text.data(), text.data() + text.size(), value).ptr != text.data() + text.size()) fail();
    return value;
  }
  std::string_view bytes(std::size_t count) {
    if (count > rest_.size()) fail();
    return take(count, 0);
  }
  std::string_view rest() const { return rest_; }
  [[noreturn]] void fail() const { unknown_format(collection_, id_); }

 private:
  std::string_view take(std::size_t count, std::size_t behind) {
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count + behind);
    return taken;
  }

  const std::string_view collection_;
  const std::string_view id_;
  std::string_view rest_;
};

std::string encode(const TrashRecord& r) {
  std::string text(kFormat);
  const auto line = [&text](std::string_view value) { (text += '\n') += value; };
  line(kStates[static_cast<std::size_t>(r.state)]);
  for (const int64_t time : {r.discarded_us, r.purge_us}) line(std::to_string(time));
  for (const uint64_t count : {r.instances, r.bytes, static_cast<uint64_t>(r.parts.size())})
    line(std::to_string(count));
  for (const auto& part : r.parts) {
    line(part.name);
    line(std::to_string(part.pages));
  }
  line(std::to_string(r.user.size()));
  line(r.user);
  text.append(reinterpret_cast<const char*>(r.identifier.data()), r.identifier.size());
  return text;
}

TrashRecord decode(const Document& document) {
  Lines in(kRecords, document);
  TrashRecord r;
  r.study = document.id;
  const auto state = in.next();
  std::size_t known = 0;
  while (known < kStates.size() && kStates[known] != state) ++known;
  if (known == kStates.size()) in.fail();
  r.state = static_cast<TrashRecord::State>(known);
  r.discarded_us = in.number<int64_t>();
  r.purge_us = in.number<int64_t>();
  r.instances = in.number<uint64_t>();
  r.bytes = in.number<uint64_t>();
  for (auto parts = in.number<uint64_t>(); parts != 0; --parts) {
    const std::string name(in.next());
    r.parts.push_back({name, in.number<uint64_t>()});
  }
  r.user = in.bytes(in.number<std::size_t>());
  const auto identifier = std::as_bytes(std::span(in.rest()));
  r.identifier.assign(identifier.begin(), identifier.end());
  return r;
}

std::string page_id(std::string_view study, std::string_view part, uint64_t number) {
  std::array<char, 24> digits;
  const int length = std::snprintf(digits.data(), digits.size(), "%06llu", static_cast<unsigned long long>(number));
  return std::string(study) + "/" + std::string(part) + "/" +
         std::string(digits.data(), static_cast<std::size_t>(length));
}

void remove_if_there(StateStore& state, std::string_view collection, const std::string& id) {
  try {
    state.remove(collection, id, StateStore::kAny);
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
  }
}

}  // namespace

std::vector<TrashRecord> TrashRecords::all() const {
  std::vector<TrashRecord> records;
  const auto cursor = state_.list(kRecords, {});
  Document document;
  while (cursor->next(document)) records.push_back(decode(document));
  return records;
}

std::optional<TrashRecord> TrashRecords::find(std::string_view study) const {
  const auto cursor = state_.list(kRecords, study);
  Document document;
  if (!cursor->next(document) || document.id != study) return {};
  return decode(document);
}

void TrashRecords::put(const TrashRecord& record) {
  const auto text = encode(record);
  state_.put(kRecords, record.study, std::as_bytes(std::span(text)), StateStore::kAny);
}

void TrashRecords::erase(const TrashRecord& record) {
  remove_if_there(state_, kRecords, record.study);
  try {
    for (const auto& part : record.parts) erase_part(record.study, part);
  } catch (const Error&) {  // pages of nobody mean nothing
  }
}

TrashRecord::Part TrashRecords::write_part(std::string_view study, std::string name,
                                           std::span<const TrashedInstance> instances) {
  TrashRecord::Part part{std::move(name), 0};
  std::string text;
  const auto write = [&] {
    state_.put(kPages, page_id(study, part.name, part.pages + 1), std::as_bytes(std::span(text)), StateStore::kAny);
    ++part.pages;
    text.clear();
  };
  for (const auto& instance : instances) {
    if (text.empty()) (text += kFormat) += '\n';
    text += instance.blob_key + '\t' + instance.sop_instance + '\n';
    if (text.size() >= kPageSize) write();
  }
  if (!text.empty()) write();
  return part;
}

void TrashRecords::erase_part(std::string_view study, const TrashRecord::Part& part) {
  for (uint64_t number = 1; number <= part.pages; ++number) erase_page(study, part, number);
}

std::vector<TrashedInstance> TrashRecords::page(std::string_view study, const TrashRecord::Part& part,
                                                uint64_t number) const {
  const auto id = page_id(study, part.name, number);
  const auto cursor = state_.list(kPages, id);
  Document document;
  std::vector<TrashedInstance> instances;
  if (!cursor->next(document) || document.id != id) return instances;
  for (Lines in(kPages, document); !in.at_end();) {
    const auto line = in.next();
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos) in.fail();
    instances.push_back({std::string(line.substr(0, tab)), std::string(line.substr(tab + 1))});
  }
  return instances;
}

void TrashRecords::erase_page(std::string_view study, const TrashRecord::Part& part, uint64_t number) {
  remove_if_there(state_, kPages, page_id(study, part.name, number));
}

void TrashRecords::drop_strays() {
  std::map<std::string, uint64_t> parts;  // and how many pages they have
  for (const auto& record : all())
    for (const auto& part : record.parts) parts.emplace(page_id(record.study, part.name, 0), part.pages);
  const auto belongs = [&](const std::string& id) {
    const auto slash = id.rfind('/') + 1;
    const auto part = parts.find(id.substr(0, slash) + "000000");
    return part != parts.end() && std::strtoull(id.c_str() + slash, nullptr, 10) <= part->second;
  };
  std::vector<std::string> strays;
  const auto cursor = state_.list(kPages, {});
  Document document;
  while (cursor->next(document))
    if (std::string id(document.id); !belongs(id)) strays.push_back(std::move(id));
  for (const auto& id : strays) remove_if_there(state_, kPages, id);
}

void TrashedBlobs::load(const TrashRecords& records) {
  states_.clear();
  for (const auto& record : records.all())
    for (const auto& part : record.parts)
      for (uint64_t number = 1; number <= part.pages; ++number)
        for (auto& instance : records.page(record.study, part, number))
          states_.insert_or_assign(std::move(instance.blob_key), record.state);
}

}  // namespace fermata::archive
