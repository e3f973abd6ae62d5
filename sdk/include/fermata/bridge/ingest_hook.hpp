#pragma once
#include "fermata/bridge/archive.hpp"
#include "fermata/ingest_hook.hpp"

namespace fermata::bridge {

template <>
struct Bridge<IngestContext> {
  using Table = fermata_ingest_context_vt;
  using Handle = fermata_ingest_context;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&IngestContext::header>::call,
                         Thunk<&IngestContext::request>::call,
                         Thunk<&IngestContext::set_element>::call,
                         Thunk<&IngestContext::remove_element>::call,
                         Thunk<&IngestContext::refuse>::call};
    return &t;
  }
  class Proxy final : public IngestContext, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    std::span<const std::byte> header() override { return get<std::span<const std::byte>>(&Table::header); }
    StoreRequest request() override { return get<StoreRequest>(&Table::request); }
    void set_element(uint32_t tag, const char* vr, std::span<const std::byte> value) override {
      call(&Table::set_element, tag, vr, bytes(value));
    }
    void remove_element(uint32_t tag) override { call(&Table::remove_element, tag); }
    void refuse(std::string_view reason) override { call(&Table::refuse, str(reason)); }
  };
};

template <>
struct Wire<IngestContext&> : Lent<IngestContext> {};
template <>
struct Wire<StoreOutcome::Kind> {
  using c = uint32_t;
  static c to(StoreOutcome::Kind v) { return static_cast<c>(v); }
  static StoreOutcome::Kind from(c v) { return static_cast<StoreOutcome::Kind>(v); }
};

template <>
struct Bridge<IngestHook> {
  using Table = fermata_ingest_hook_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&IngestHook::before_store>::call, Thunk<&IngestHook::after_store>::call};
    return &t;
  }
  class Proxy final : public IngestHook, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    void before_store(IngestContext& context) override {
      call(&Table::before_store, Wire<IngestContext&>::to(context));
    }
    void after_store(const InstanceRecord& record, StoreOutcome::Kind kind) override {
      const auto c = to_c(record);
      call(&Table::after_store, &c, static_cast<uint32_t>(kind));
    }
  };
};

}  // namespace fermata::bridge
