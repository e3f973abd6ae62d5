#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/command.hpp"

namespace fermata::bridge {

template <>
struct Bridge<Command> {
  using Table = fermata_command_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Command::name>::call, Thunk<&Command::summary>::call,
                         Thunk<&Command::run>::call};
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
  };
};

}  // namespace fermata::bridge
