#pragma once
#include "channel.hpp"
#include "letter.hpp"
#include "settings.hpp"

namespace fermata::alarms {

/// A POST request with JSON; any status of 200 to 299 is an acceptance. It follows no redirections.
class WebHook final : public Channel {
 public:
  WebHook(WebHookSettings settings, Sender sender, const std::atomic<bool>& stopping)
      : settings_(std::move(settings)), sender_(std::move(sender)), stopping_(stopping) {}
  std::string name() const override { return "web_hook"; }
  void send(const Notices& notices) override;

 private:
  const WebHookSettings settings_;
  const Sender sender_;
  const std::atomic<bool>& stopping_;
};

}  // namespace fermata::alarms
