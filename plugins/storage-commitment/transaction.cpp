#include "transaction.hpp"

#include <array>
#include <boost/json.hpp>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::storage_commitment {
namespace {

namespace json = boost::json;

constexpr int64_t kFormat = 1;
constexpr std::array<std::pair<Transaction::State, std::string_view>, 4> kStates{{
    {Transaction::State::checking, "checking"},
    {Transaction::State::reporting, "reporting"},
    {Transaction::State::reported, "reported"},
    {Transaction::State::given_up, "given up"},
}};

Transaction::State state_named(std::string_view name) {
  for (const auto& [state, known] : kStates)
    if (known == name) return state;
  throw Error(Code::corrupt, "there is no state " + std::string(name));
}

std::string text(const json::object& object, const char* key) { return json::value_to<std::string>(object.at(key)); }

/// Calls `read` with the document's members.
template <class Read>
auto read_document(std::span<const std::byte> content, Read&& read) {
  int64_t format = 0;
  try {
    const auto value = json::parse({reinterpret_cast<const char*>(content.data()), content.size()});
    format = value.as_object().at("format").as_int64();
    if (format == kFormat) return read(value.as_object());
  } catch (const std::exception& e) {
    throw Error(Code::corrupt, std::string("a stored commitment request can't be read: ") + e.what());
  }
  throw Error(Code::unsupported, "a stored commitment request has format " + std::to_string(format) +
                                     ", written by a newer version of this plugin: use that version");
}

}  // namespace

std::string_view name_of(Transaction::State state) {
  for (const auto& [known, name] : kStates)
    if (known == state) return name;
  return "unknown";
}

std::string_view name_of_reason(uint16_t reason) {
  switch (reason) {
    case reason::kCommitted:
      return "committed";
    case reason::kUnchecked:
      return "not checked yet";
    case reason::kNoSuchInstance:
      return "no such object instance";
    case reason::kClassInstanceConflict:
      return "class/instance conflict";
    case reason::kDuplicateTransaction:
      return "duplicate transaction UID";
    default:
      return "processing failure";
  }
}

std::string to_document(const Transaction& t) {
  return json::serialize(json::object{{"format", kFormat},
                                      {"uid", t.uid},
                                      {"ae_title", t.ae_title},
                                      {"address", t.address},
                                      {"called_ae_title", t.called_ae_title},
                                      {"requested_us", t.requested_us},
                                      {"references", t.references},
                                      {"failed", t.failed},
                                      {"state", name_of(t.state)},
                                      {"attempts", t.attempts},
                                      {"changed_us", t.changed_us},
                                      {"problem", t.problem}});
}

Transaction transaction_from_document(std::string_view key, std::span<const std::byte> content) {
  return read_document(content, [&](const json::object& object) {
    Transaction t;
    t.key = key;
    t.uid = text(object, "uid");
    t.ae_title = text(object, "ae_title");
    t.address = text(object, "address");
    t.called_ae_title = text(object, "called_ae_title");
    t.requested_us = object.at("requested_us").to_number<int64_t>();
    t.references = object.at("references").to_number<uint64_t>();
    t.failed = object.at("failed").to_number<uint64_t>();
    t.state = state_named(text(object, "state"));
    t.attempts = object.at("attempts").to_number<uint32_t>();
    t.changed_us = object.at("changed_us").to_number<int64_t>();
    t.problem = text(object, "problem");
    return t;
  });
}

std::string to_document(std::span<const Reference> references) {
  json::array list;
  list.reserve(references.size());
  for (const auto& r : references) list.push_back(json::array{r.sop_class_uid, r.sop_instance_uid, r.reason});
  return json::serialize(json::object{{"format", kFormat}, {"references", std::move(list)}});
}

std::vector<Reference> references_from_document(std::span<const std::byte> content) {
  return read_document(content, [](const json::object& object) {
    std::vector<Reference> references;
    for (const auto& value : object.at("references").as_array()) {
      const auto& members = value.as_array();
      references.push_back({json::value_to<std::string>(members.at(0)), json::value_to<std::string>(members.at(1)),
                            members.at(2).to_number<uint16_t>()});
    }
    return references;
  });
}

}  // namespace fermata::storage_commitment
