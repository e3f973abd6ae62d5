#include "refused_journal.hpp"

#include <boost/json.hpp>

#include "fermata/error.hpp"

namespace fermata::application_entities {
namespace {

namespace json = boost::json;

constexpr int64_t kFormat = 1;
constexpr std::string_view kDocument = "latest";

json::object to_json(const RefusedRecord& record) {
  return {{"calling_ae_title", record.calling_ae_title},
          {"called_ae_title", record.called_ae_title},
          {"address", record.address},
          {"wanted", record.wanted},
          {"reason", record.reason},
          {"first_us", record.first_us},
          {"last_us", record.last_us},
          {"times", record.times}};
}

RefusedRecord from_json(const json::object& object) {
  return {json::value_to<std::string>(object.at("calling_ae_title")),
          json::value_to<std::string>(object.at("called_ae_title")),
          json::value_to<std::string>(object.at("address")),
          json::value_to<std::string>(object.at("wanted")),
          json::value_to<std::string>(object.at("reason")),
          json::value_to<int64_t>(object.at("first_us")),
          json::value_to<int64_t>(object.at("last_us")),
          json::value_to<uint64_t>(object.at("times"))};
}

std::string to_document(const std::vector<RefusedRecord>& records) {
  json::array callers;
  for (const auto& record : records) callers.push_back(to_json(record));
  return json::serialize(json::object{{"format", kFormat}, {"callers", std::move(callers)}});
}

std::vector<RefusedRecord> from_document(std::span<const std::byte> content) {
  const auto value = json::parse({reinterpret_cast<const char*>(content.data()), content.size()});
  const auto& object = value.as_object();
  if (object.at("format").as_int64() != kFormat)
    throw Error(Code::unsupported, "a newer version of this plugin wrote them");
  std::vector<RefusedRecord> records;
  for (const auto& caller : object.at("callers").as_array()) records.push_back(from_json(caller.as_object()));
  return records;
}

}  // namespace

RefusedJournal::RefusedJournal(RefusedCallers& callers, StateStore& store, std::chrono::milliseconds interval,
                               Warn warn)
    : callers_(callers), store_(store), interval_(interval), warn_(std::move(warn)) {}

RefusedJournal::~RefusedJournal() { stop(); }

void RefusedJournal::read() {
  const auto cursor = store_.list(kRefusedCollection, "");
  for (Document document; cursor->next(document);) {
    if (document.id != kDocument) continue;
    try {
      callers_.restore(from_document(document.content));
    } catch (const std::exception& e) {
      warn_(std::string("the refused callers of earlier runs can't be read and begin anew: ") + e.what());
    }
  }
}

void RefusedJournal::start() {
  thread_ = std::thread([this] { run(); });
}

void RefusedJournal::stop() {
  if (thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  write();
}

void RefusedJournal::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval_, [this] { return stopping_; })) {
    lock.unlock();
    write();
    lock.lock();
  }
}

void RefusedJournal::write() {
  const auto changes = callers_.take_changes();
  if (!changes) return;
  try {
    const auto document = to_document(*changes);
    store_.put(kRefusedCollection, kDocument, std::as_bytes(std::span(document)), StateStore::kAny);
    failing_ = false;
  } catch (const std::exception& e) {
    callers_.keep_changes();
    if (!failing_) warn_(std::string("the refused callers can't be written, which is tried again: ") + e.what());
    failing_ = true;
  }
}

}  // namespace fermata::application_entities
