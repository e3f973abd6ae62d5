#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/command.hpp"

namespace fermata::bridge {

template <>
struct Bridge<Console> {
  using Table = fermata_console_vt;
  using Handle = fermata_console;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Console::write>::call, Thunk<&Console::report>::call,
                         Thunk<&Console::new_password>::call, Thunk<&Console::gone>::call};
    return &t;
  }
  class Proxy final : public Console, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    void write(std::string_view text) override { call(&Table::write, str(text)); }
    void report(std::string_view text) override { call(&Table::report, str(text)); }
    std::string_view new_password(std::string_view name) override {
      return get<std::string_view>(&Table::new_password, str(name));
    }
    bool gone() override { return get<bool>(&Table::gone); }
  };
};
template <>
struct Wire<Console&> : Lent<Console> {};

template <>
struct Bridge<Command> {
  using Table = fermata_command_vt;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&Command::name>::call,
                         Thunk<&Command::summary>::call,
                         Thunk<&Command::run>::call,
                         Thunk<&Command::needs_plugins>::call,
                         Thunk<&Command::works_while_serving>::call,
                         Thunk<&Command::run_at>::call,
                         Thunk<&Command::usage>::call};
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
    bool works_while_serving() override {
      try {
        return get<bool>(&Table::works_while_serving);
      } catch (const Error& error) {
        if (error.code() == Code::unsupported) return false;  // built before there was a choice
        throw;
      }
    }
    int32_t run_at(Console& console, std::span<const std::string_view> arguments) override {
      const Strings list(arguments);
      return get<int32_t>(&Table::run_at, Wire<Console&>::to(console), static_cast<fermata_strings>(list));
    }
    std::string_view usage() override {
      try {
        return get<std::string_view>(&Table::usage);
      } catch (const Error& error) {
        if (error.code() == Code::unsupported) return {};  // built before it was asked for
        throw;
      }
    }
  };
};

}  // namespace fermata::bridge
