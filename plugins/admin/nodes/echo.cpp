#include "nodes/echo.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::admin {
namespace {

using namespace std::chrono;

constexpr uint16_t kEchoRequest = 0x0030;
constexpr std::string_view kVerification = "1.2.840.10008.1.1";
constexpr seconds kPatience{10};

class StatusSink final : public DimseResponseSink {
 public:
  bool take(const DimseResponse& response) override {
    status = response.status;
    return true;
  }
  uint16_t status = 0;
};

uint16_t verify(DimseClient& client, const std::string& ae_title) {
  const DimseContext context{kVerification, {}, DimseRole::scu};
  const auto association = client.open({ae_title, {}, {}}, {&context, 1});
  DimseRequest request;
  request.command_field = kEchoRequest;
  request.sop_class_uid = kVerification;
  StatusSink sink;
  association->request(request, kPatience, sink);
  return sink.status;
}

std::string refusal(uint16_t status) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "it answers with status %04X", unsigned{status});
  return text.data();
}

}  // namespace

EchoResult Echo::run(const std::string& ae_title) {
  EchoResult result;
  const auto begin = steady_clock::now();
  try {
    const auto status = verify(client_, ae_title);
    result.ok = status == 0;
    if (!result.ok) result.message = refusal(status);
  } catch (const Error& error) {
    result.message = error.what();
  }
  result.milliseconds = duration_cast<milliseconds>(steady_clock::now() - begin).count();
  result.time_us = now_us();
  const std::lock_guard lock(mutex_);
  last_[ae_title] = result;
  return result;
}

std::optional<EchoResult> Echo::last(std::string_view ae_title) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_.find(ae_title);
  if (found == last_.end()) return {};
  return found->second;
}

void Echo::forget(std::string_view ae_title) {
  const std::lock_guard lock(mutex_);
  if (const auto found = last_.find(ae_title); found != last_.end()) last_.erase(found);
}

}  // namespace fermata::admin
