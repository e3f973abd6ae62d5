#pragma once
#include <curl/curl.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace fermata::alarms {

/// One request of libcurl, with limits of time that every one of ours has.
///
/// **Thread**: one. **Errors**: unavailable; the message says whom it was for and what went wrong.
class Transfer {
 public:
  /// `stopping` ends it early.
  Transfer(std::string whom, const std::atomic<bool>& stopping);

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(curl_.get(), option, value);
  }
  void trust(const std::string& ca_certificate);
  void run();
  long status();

 private:
  const std::string whom_;
  std::string problem_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
};

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
void append(List& list, const std::string& text);

}  // namespace fermata::alarms
