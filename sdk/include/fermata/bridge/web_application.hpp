#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/web_application.hpp"

namespace fermata::bridge {

template <>
struct Wire<const WebExtension&> {
  using c = const fermata_web_extension*;
  static WebExtension from(c given) {
    const auto e = complete(*given);
    return {static_cast<WebExtension::Kind>(e.kind),
            view(e.id),
            view(e.label_en),
            view(e.label_de),
            view(e.url),
            view(e.permission),
            e.new_tab != 0};
  }
};

template <>
struct Bridge<WebApplication> {
  using Table = fermata_web_application_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&WebApplication::add>::call};
    return &t;
  }
  class Proxy final : public WebApplication, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    void add(const WebExtension& e) override {
      const fermata_web_extension c{
          sizeof c,          static_cast<uint32_t>(e.kind), str(e.id), str(e.label_en), str(e.label_de), str(e.url),
          str(e.permission), e.new_tab ? 1u : 0u,           0};
      call(&Table::add, &c);
    }
  };
};

}  // namespace fermata::bridge
