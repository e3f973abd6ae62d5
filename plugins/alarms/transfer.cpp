#include "transfer.hpp"

#include "fermata/error.hpp"

namespace fermata::alarms {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kWholeSeconds = 30;

int interrupted(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stopping)->load() ? 1 : 0;
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

}  // namespace

Transfer::Transfer(std::string whom, const std::atomic<bool>& stopping)
    : whom_(std::move(whom)), problem_(CURL_ERROR_SIZE, '\0'), curl_(curl_easy_init(), curl_easy_cleanup) {
  if (curl_ == nullptr) throw Error(Code::out_of_memory, "no memory for a message to " + whom_);
  set(CURLOPT_ERRORBUFFER, problem_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  set(CURLOPT_TIMEOUT, kWholeSeconds);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, interrupted);
  set(CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stopping));
  set(CURLOPT_WRITEFUNCTION, ignore);
}

void Transfer::trust(const std::string& ca_certificate) {
  if (!ca_certificate.empty()) set(CURLOPT_CAINFO, ca_certificate.c_str());
}

void Transfer::run() {
  const auto code = curl_easy_perform(curl_.get());
  if (code == CURLE_OK) return;
  const std::string why = problem_.front() != '\0' ? problem_.c_str() : curl_easy_strerror(code);
  throw Error(Code::unavailable, whom_ + ": " + why);
}

long Transfer::status() {
  long status = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

void append(List& list, const std::string& text) {
  curl_slist* longer = curl_slist_append(list.get(), text.c_str());
  if (longer == nullptr) throw Error(Code::out_of_memory, "no memory for a message");
  (void)list.release();
  list.reset(longer);
}

}  // namespace fermata::alarms
