#pragma once
#include <string>

#include "fermata/command.hpp"

/// `fermata greet NAME`.
class Greeting final : public fermata::Command {
 public:
  explicit Greeting(std::string word) : word_(std::move(word)) {}
  std::string_view name() override { return "greet"; }
  std::string_view summary() override { return "Greets somebody"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  std::string word_;
};
