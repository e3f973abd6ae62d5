#include "send_state.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "fermata/error.hpp"

namespace fermata::transfers {
namespace {

namespace json = boost::json;

constexpr int64_t kVersion = 1;
constexpr std::size_t kShown = 5;

SendState read(const json::object& kept) {
  SendState state;
  state.unit = kept.at("unit").to_number<std::size_t>();
  state.after = json::value_to<std::string>(kept.at("after"));
  state.done = kept.at("done").to_number<uint64_t>();
  state.failed = kept.at("failed").to_number<uint64_t>();
  for (const auto& failure : kept.at("failures").as_array())
    state.failures.push_back({json::value_to<std::string>(failure.at(0)), json::value_to<std::string>(failure.at(1))});
  state.again = json::value_to<std::vector<std::string>>(kept.at("again"));
  return state;
}

}  // namespace

void SendState::note_failure(std::string_view sop_instance_uid, std::string reason) {
  ++failed;
  if (failures.size() < kMostFailures) failures.push_back({std::string(sop_instance_uid), std::move(reason)});
}

SendState SendState::anew() const {
  SendState state;
  if (failed == failures.size())
    for (const auto& failure : failures) state.again.push_back(failure.sop_instance_uid);
  return state;
}

std::string SendState::problem(const std::string& node, uint64_t total) const {
  std::map<std::string, std::size_t> reasons;
  for (const auto& failure : failures) ++reasons[failure.reason];
  std::string text = std::to_string(failed) + " of " + std::to_string(total) + " instances were not taken by " + node;
  text += reasons.size() == 1 ? ": " : ", for these reasons: ";
  std::size_t shown = 0;
  for (const auto& [reason, count] : reasons) {
    if (shown == kShown) break;
    text += (shown++ == 0 ? "" : "; ") + reason;
    if (reasons.size() > 1) text += " (" + std::to_string(count) + ")";
  }
  text += failures.size() > 1 ? ". The first ones: " : ". It is ";
  for (std::size_t i = 0; i < std::min(failures.size(), kShown); ++i)
    text += (i == 0 ? "" : ", ") + failures[i].sop_instance_uid;
  return text + (failed < total ? ". All others were sent." : ".");
}

std::string SendState::to_json() const {
  json::array list;
  for (const auto& failure : failures) list.push_back(json::array{failure.sop_instance_uid, failure.reason});
  return json::serialize(json::object{{"version", kVersion},
                                      {"unit", unit},
                                      {"after", after},
                                      {"done", done},
                                      {"failed", failed},
                                      {"failures", std::move(list)},
                                      {"again", json::value_from(again)}});
}

SendState SendState::from_json(std::span<const std::byte> text) {
  if (text.empty()) return {};
  int64_t version = 0;
  try {
    const auto kept = json::parse({reinterpret_cast<const char*>(text.data()), text.size()}).as_object();
    version = kept.at("version").to_number<int64_t>();
    if (version == kVersion) return read(kept);
  } catch (const std::exception& error) {
    throw Error(Code::invalid, std::string("where a job \"send\" had come to can't be read: ") + error.what());
  }
  throw Error(Code::unsupported, "where a job \"send\" had come to was written by a newer program: use that");
}

}  // namespace fermata::transfers
