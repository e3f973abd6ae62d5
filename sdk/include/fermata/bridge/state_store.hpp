#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/state_store.hpp"

namespace fermata::bridge {

template <>
struct Convert<Document> {
  using c = fermata_document;
  static c to(const Document& d) { return {sizeof(c), str(d.id), bytes(d.content), d.version}; }
  static Document from(const c& v) { return {view(v.id), view(v.content), v.version}; }
};
template <>
struct Wire<Document&> : GivenOut<Document> {};
template <>
struct Bridge<DocumentCursor>
    : CursorBridge<DocumentCursor, Document, fermata_document_cursor_vt, fermata_document_cursor> {};

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
