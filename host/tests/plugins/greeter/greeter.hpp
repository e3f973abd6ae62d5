#pragma once
#include <string_view>

#include "fermata/bridge/bridge.hpp"

/// A service that no plugin outside of these tests knows: what an author's own interface looks like.
class Greeter {
 public:
  static constexpr const char* kId = "test.greeter/1";
  virtual ~Greeter() = default;
  virtual std::string_view greeting() = 0;
};

template <>
struct fermata::bridge::Bridge<Greeter> {
  struct Table {
    uint32_t size;
    int32_t (*greeting)(void* self, fermata_str* out, fermata_error* error);
  };
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Greeter::greeting>::call};
    return &t;
  }
  class Proxy final : public Greeter, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::string_view greeting() override { return get<std::string_view>(&Table::greeting); }
  };
};
