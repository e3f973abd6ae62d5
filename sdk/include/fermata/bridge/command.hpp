#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/command.hpp"

namespace fermata::bridge {

template <>
struct Bridge<Command> {
  using Table = fermata_command_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Command::name>::call, Thunk<&Command::summary>::call,
                         Thunk<&Command::run>::call, Thunk<&Command::needs_plugins>::call};
    return &t;
  }
  class Proxy final : public Command, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::string_view name() override { return get<std::string_view>(&Table::name); }
    std::string_view summary() override { return get<std::string_view>(&Table::summary); }
    int32_t run(std::span<const std::string_view> arguments) override {
      const Strings list(arguments);
      return get<int32_t>(&Table::run, static_cast<fermata_strings>(list));
    }
    bool needs_plugins(std::span<const std::string_view> arguments) override {
      const Strings list(arguments);
      try {
        return get<bool>(&Table::needs_plugins, static_cast<fermata_strings>(list));
      } catch (const Error& error) {
        if (error.code() == Code::unsupported) return true;  // built before there was a choice
        throw;
      }
    }
  };
};

}  // namespace fermata::bridge
