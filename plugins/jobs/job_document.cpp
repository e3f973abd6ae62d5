#include "job_document.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "fermata/error.hpp"

namespace fermata::jobs {
namespace {

namespace json = boost::json;

constexpr int64_t kFormat = 1;
constexpr std::size_t kDigits = 20;
constexpr std::array<std::string_view, 5> kStates{"waiting", "running", "done", "failed", "cancelled"};

Job::State state_from(std::string_view name) {
  const auto found = std::find(kStates.begin(), kStates.end(), name);
  if (found == kStates.end()) throw Error(Code::corrupt, "no such state: " + std::string(name));
  return static_cast<Job::State>(found - kStates.begin());
}

uint64_t number_from(std::string_view id) {
  uint64_t number = 0;
  const auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (failure != std::errc() || end != id.data() + id.size() || number == 0)
    throw Error(Code::corrupt, "its id is no number");
  return number;
}

json::object header_of(const JobRecord& job) {
  return {{"format", kFormat},
          {"state", state_name(job.state)},
          {"kind", job.kind},
          {"title", job.title},
          {"user", job.user},
          {"message", job.message},
          {"done", job.done},
          {"total", job.total},
          {"attempts", job.attempts},
          {"fruitless", job.fruitless},
          {"cancel_wanted", job.cancel_wanted},
          {"created_us", job.created_us},
          {"changed_us", job.changed_us},
          {"next_attempt_us", job.next_attempt_us},
          {"parameters_length", job.parameters.size()},
          {"checkpoint_length", job.checkpoint.size()}};
}

JobRecord read(std::string_view id, const json::object& head, std::span<const std::byte> rest) {
  const auto text = [&](const char* name) { return json::value_to<std::string>(head.at(name)); };
  const auto count = [&](const char* name) { return head.at(name).to_number<uint64_t>(); };
  JobRecord job;
  job.id = number_from(id);
  job.state = state_from(text("state"));
  job.kind = text("kind");
  job.title = text("title");
  job.user = text("user");
  job.message = text("message");
  job.done = count("done");
  job.total = count("total");
  job.attempts = count("attempts");
  job.fruitless = count("fruitless");
  job.cancel_wanted = head.at("cancel_wanted").as_bool();
  job.created_us = head.at("created_us").to_number<int64_t>();
  job.changed_us = head.at("changed_us").to_number<int64_t>();
  job.next_attempt_us = head.at("next_attempt_us").to_number<int64_t>();
  const auto parameters = count("parameters_length");
  if (parameters > rest.size() || rest.size() - parameters != count("checkpoint_length"))
    throw Error(Code::corrupt, "it has not the length that it should have");
  job.parameters.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(parameters));
  job.checkpoint.assign(rest.begin() + static_cast<std::ptrdiff_t>(parameters), rest.end());
  return job;
}

}  // namespace

std::string_view state_name(Job::State state) { return kStates.at(static_cast<std::size_t>(state)); }

std::string document_id(uint64_t job) {
  const auto digits = std::to_string(job);
  return std::string(kDigits - digits.size(), '0') + digits;
}

Bytes to_document(const JobRecord& job) {
  const auto head = json::serialize(header_of(job)) + "\n";
  const auto bytes = std::as_bytes(std::span(head));
  Bytes document(bytes.begin(), bytes.end());
  document.insert(document.end(), job.parameters.begin(), job.parameters.end());
  document.insert(document.end(), job.checkpoint.begin(), job.checkpoint.end());
  return document;
}

JobRecord job_from_document(std::string_view id, std::span<const std::byte> content) {
  int64_t format = 0;
  try {
    const auto end = std::find(content.begin(), content.end(), std::byte{'\n'});
    const auto length = static_cast<std::size_t>(end - content.begin());
    const auto head = json::parse({reinterpret_cast<const char*>(content.data()), length}).as_object();
    format = head.at("format").to_number<int64_t>();
    if (format == kFormat) return read(id, head, content.subspan(std::min(length + 1, content.size())));
  } catch (const std::exception& error) {
    throw Error(Code::corrupt, "the stored job " + std::string(id) + " can't be read: " + error.what());
  }
  throw Error(Code::unsupported, "the stored job " + std::string(id) + " has format " + std::to_string(format) +
                                     ", written by a newer version of this plugin: use that version");
}

}  // namespace fermata::jobs
