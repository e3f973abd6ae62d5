#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/state_store.hpp"

namespace fermata::bridge {

template <>
struct Wire<Document&> {
  using c = fermata_document*;
  struct Box {
    c target;
    Document document{};
    operator Document&() { return document; }
    ~Box() { deliver({sizeof *target, str(document.id), bytes(document.content), document.version}, *target); }
  };
  static Box from(c v) { return Box{v}; }
};

template <>
struct Bridge<DocumentCursor> {
  using Table = fermata_document_cursor_vt;
  using Handle = fermata_document_cursor;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<DocumentCursor>, Thunk<&DocumentCursor::next>::call};
    return &t;
  }
  class Proxy final : public DocumentCursor, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    bool next(Document& document) override {
      fermata_document d{};
      d.size = sizeof d;
      const bool more = get<bool>(&Table::next, &d);
      document = {view(d.id), view(d.content), d.version};
      return more;
    }
  };
};

template <>
struct Bridge<StateStore> {
  using Table = fermata_state_store_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&StateStore::list>::call, Thunk<&StateStore::put>::call,
                         Thunk<&StateStore::remove>::call};
    return &t;
  }
  class Proxy final : public StateStore, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) override {
      return get<std::unique_ptr<DocumentCursor>>(&Table::list, str(collection), str(from));
    }
    uint64_t put(std::string_view collection, std::string_view id, std::span<const std::byte> content,
                 uint64_t expected_version) override {
      return get<uint64_t>(&Table::put, str(collection), str(id), bytes(content), expected_version);
    }
    void remove(std::string_view collection, std::string_view id, uint64_t expected_version) override {
      call(&Table::remove, str(collection), str(id), expected_version);
    }
  };
};

}  // namespace fermata::bridge
