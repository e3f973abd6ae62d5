#include "watched_folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "fermata/error.hpp"
#include "item.hpp"
#include "item_file.hpp"

namespace fermata::worklist {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kFilesCollection = "worklist.files";
constexpr int64_t kFormat = 1;
constexpr std::size_t kLongestName = 200;  // ids of items and documents have an end

}  // namespace

WatchedFolder::WatchedFolder(fs::path folder, bool remove_with_file, Worklist& worklist, StateStore& store,
                             const Journal& journal)
    : folder_(std::move(folder)),
      remove_with_file_(remove_with_file),
      worklist_(worklist),
      store_(store),
      journal_(journal) {}

void WatchedFolder::open() {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw Error(Code::io, "the worklist folder " + folder_.string() + " can't be made: " + error.message());
  const auto cursor = store_.list(kFilesCollection, "");
  for (Document document; cursor->next(document);) {
    try {
      const auto value = json::parse({reinterpret_cast<const char*>(document.content.data()), document.content.size()});
      const auto& object = value.as_object();
      if (object.at("format").as_int64() != kFormat) continue;  // taken again
      Taken taken;
      taken.stamp.size = object.at("size").to_number<uint64_t>();
      taken.stamp.modified_ns = object.at("modified_ns").to_number<int64_t>();
      taken.items = json::value_to<std::vector<std::string>>(object.at("items"));
      taken_.emplace(document.id, std::move(taken));
    } catch (const std::exception& error_of_document) {
      journal_.log(LogLevel::warning,
                   std::string("what is known of a worklist file can't be read, so it is taken again: ") +
                       error_of_document.what(),
                   {{"file", std::string(document.id)}});
    }
  }
}

void WatchedFolder::scan() {
  Stamps present;
  try {
    present = look();
    problem_.clear();
  } catch (const Error& error) {
    if (std::exchange(problem_, error.what()) != error.what()) journal_.log(LogLevel::error, problem_, {});
    return;  // nothing is gone because nothing can be seen
  }
  for (const auto& [name, stamp] : present) {
    const auto taken = taken_.find(name);
    if (taken != taken_.end() && taken->second.stamp == stamp) continue;
    const auto before = before_.find(name);
    if (before != before_.end() && before->second == stamp && stamp.size > 0) take(name, stamp);
  }
  forget_missing(present);
  before_ = std::move(present);
}

WatchedFolder::Stamps WatchedFolder::look() const {
  Stamps stamps;
  std::error_code error;
  fs::directory_iterator entries(folder_, error);
  if (error) throw Error(Code::io, "the worklist folder " + folder_.string() + " can't be read: " + error.message());
  for (const auto& entry : entries) {
    const auto name = entry.path().filename().string();
    struct stat status {};
    if (name.front() == '.' || name.size() > kLongestName || !is_item_file(entry.path()) ||
        ::stat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode))
      continue;
    stamps[name] = {static_cast<uint64_t>(status.st_size),
                    int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
  }
  return stamps;
}

void WatchedFolder::take(const std::string& name, const Stamp& stamp) {
  const auto earlier = taken_.find(name) == taken_.end() ? std::vector<std::string>{} : taken_.at(name).items;
  std::vector<std::string> items;
  try {
    items = put_items(name);
  } catch (const std::exception& error) {
    const auto* known = dynamic_cast<const Error*>(&error);
    if (known != nullptr && known->code() != Code::invalid) throw;  // the store's: next time, perhaps
    reject(name, error.what());
    keep(name, {stamp, earlier});
    return;
  }
  std::vector<std::string> gone;
  std::copy_if(earlier.begin(), earlier.end(), std::back_inserter(gone),
               [&](const std::string& id) { return std::find(items.begin(), items.end(), id) == items.end(); });
  remove_items(gone);
  std::error_code ignored;
  fs::remove(note(name), ignored);
  journal_.count("files_taken_total", 1);
  journal_.log(LogLevel::info, "a worklist file was taken", {{"file", name}, {"items", std::to_string(items.size())}});
  keep(name, {stamp, std::move(items)});
}

/// All of a file, or nothing: what is in it is checked before the first item is put.
std::vector<std::string> WatchedFolder::put_items(const std::string& name) {
  struct Prepared {
    std::string id;
    std::vector<std::byte> data_set;
  };
  std::vector<Prepared> list;
  const auto origin = "file " + name;
  const auto requests = read_item_file(folder_ / name);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto number = std::to_string(i + 1);
    const auto id = "file/" + name + "/" + number;
    auto steps = single_steps(id, dicom::DataSetView(requests[i]));
    for (std::size_t step = 0; step < steps.size(); ++step) {
      auto step_id = steps.size() == 1 ? id : id + "." + std::to_string(step + 1);
      try {
        make_item(step_id, origin, dicom::DataSetView(steps[step]), Worklist::kScheduled);
      } catch (const Error& error) {
        if (requests.size() == 1) throw;
        throw Error(error.code(), "item " + number + ": " + error.what());
      }
      list.push_back({std::move(step_id), std::move(steps[step])});
    }
  }
  std::vector<std::string> ids;
  for (const auto& item : list) {
    worklist_.put(item.id, origin, item.data_set);
    ids.push_back(item.id);
  }
  return ids;
}

void WatchedFolder::reject(const std::string& name, const std::string& why) {
  journal_.count("files_rejected_total", 1);
  journal_.log(LogLevel::warning, "a worklist file is rejected: " + why, {{"file", name}});
  std::ofstream(note(name)) << name << " is not in the worklist.\n"
                            << why << "\n"
                            << "Correct the file and save it: it is then read again.\n";
}

void WatchedFolder::forget_missing(const Stamps& present) {
  for (auto it = taken_.begin(); it != taken_.end();) {
    if (present.contains(it->first)) {
      ++it;
      continue;
    }
    if (remove_with_file_) remove_items(it->second.items);
    std::error_code ignored;
    fs::remove(note(it->first), ignored);
    store_.remove(kFilesCollection, it->first, StateStore::kAny);
    journal_.log(LogLevel::info, "a worklist file is gone", {{"file", it->first}});
    it = taken_.erase(it);
  }
}

void WatchedFolder::remove_items(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    try {
      worklist_.remove(id);
    } catch (const Error& error) {
      if (error.code() != Code::not_found) throw;  // expired, or removed by somebody else
    }
  }
}

void WatchedFolder::keep(const std::string& name, Taken taken) {
  const auto text = json::serialize(json::object{{"format", kFormat},
                                                 {"size", taken.stamp.size},
                                                 {"modified_ns", taken.stamp.modified_ns},
                                                 {"items", json::value_from(taken.items)}});
  store_.put(kFilesCollection, name, std::as_bytes(std::span(text)), StateStore::kAny);
  taken_.insert_or_assign(name, std::move(taken));
}

}  // namespace fermata::worklist
