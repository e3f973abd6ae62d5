#include "web_hook.hpp"

#include "fermata/error.hpp"
#include "transfer.hpp"

namespace fermata::alarms {

void WebHook::send(const Notices& notices) {
  Transfer transfer("the web hook", stopping_);  // its address may hold a secret
  transfer.set(CURLOPT_URL, settings_.url.c_str());
  transfer.set(CURLOPT_PROTOCOLS_STR, "http,https");
  transfer.trust(settings_.ca_certificate);
  List fields(nullptr, curl_slist_free_all);
  append(fields, "Content-Type: application/json");
  if (!settings_.authorization.empty()) append(fields, "Authorization: " + settings_.authorization);
  transfer.set(CURLOPT_HTTPHEADER, fields.get());
  const auto body = json_of(sender_, notices);
  transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  transfer.set(CURLOPT_POSTFIELDS, body.c_str());
  transfer.run();
  const auto status = transfer.status();
  if (status < 200 || status > 299)
    throw Error(Code::unavailable, "the web hook answered with status " + std::to_string(status));
}

}  // namespace fermata::alarms
