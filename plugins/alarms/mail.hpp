#pragma once
#include <cstdint>

#include "channel.hpp"
#include "letter.hpp"
#include "settings.hpp"

namespace fermata::alarms {

/// E-mail through a mail server (RFC 5321).
class Mail final : public Channel {
 public:
  Mail(MailSettings settings, Sender sender, const std::atomic<bool>& stopping)
      : settings_(std::move(settings)), sender_(std::move(sender)), stopping_(stopping) {}
  std::string name() const override { return "mail"; }
  void send(const Notices& notices) override;

 private:
  const MailSettings settings_;
  const Sender sender_;
  const std::atomic<bool>& stopping_;
};

}  // namespace fermata::alarms
