#include "mail.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <string_view>

#include "fermata/timestamp.hpp"
#include "transfer.hpp"

namespace fermata::alarms {
namespace {

std::size_t read_some(char* to, std::size_t size, std::size_t count, void* from) {
  auto& rest = *static_cast<std::string_view*>(from);
  const auto length = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), length);
  rest.remove_prefix(length);
  return length;
}

std::string unique_id() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) id += std::to_string(random());
  return id;
}

std::string url_of(const MailSettings& settings) {
  const bool v6 = settings.server.find(':') != std::string::npos;
  const auto host = v6 ? '[' + settings.server + ']' : settings.server;
  return (settings.security == MailSettings::Security::tls ? "smtps://" : "smtp://") + host + ':' +
         std::to_string(settings.port);
}

}  // namespace

void Mail::send(const Notices& notices) {
  Transfer transfer("the mail server " + settings_.server, stopping_);
  const auto url = url_of(settings_);
  transfer.set(CURLOPT_URL, url.c_str());
  if (settings_.security == MailSettings::Security::starttls) transfer.set(CURLOPT_USE_SSL, long{CURLUSESSL_ALL});
  transfer.trust(settings_.ca_certificate);
  if (!settings_.user.empty()) {
    transfer.set(CURLOPT_USERNAME, settings_.user.c_str());
    transfer.set(CURLOPT_PASSWORD, settings_.password.c_str());
  }
  const auto from = '<' + settings_.envelope.from + '>';
  transfer.set(CURLOPT_MAIL_FROM, from.c_str());
  List recipients(nullptr, curl_slist_free_all);
  for (const auto& address : settings_.envelope.to) append(recipients, '<' + address + '>');
  transfer.set(CURLOPT_MAIL_RCPT, recipients.get());
  const auto mail = mail_of(sender_, settings_.envelope, notices, now_us(), unique_id());
  std::string_view rest(mail);
  transfer.set(CURLOPT_READFUNCTION, read_some);
  transfer.set(CURLOPT_READDATA, &rest);
  transfer.set(CURLOPT_UPLOAD, 1L);
  transfer.run();
}

}  // namespace fermata::alarms
