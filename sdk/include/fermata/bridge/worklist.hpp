#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/worklist.hpp"

namespace fermata::bridge {

template <>
struct Convert<WorklistItem> {
  using c = fermata_worklist_item;
  static c to(const WorklistItem& i) { return {sizeof(c), 0, str(i.id), str(i.origin), bytes(i.data_set)}; }
  static WorklistItem from(const c& v) { return {view(v.id), view(v.origin), view(v.data_set)}; }
};
template <>
struct Wire<WorklistItem&> : GivenOut<WorklistItem> {};
template <>
struct Bridge<WorklistCursor>
    : CursorBridge<WorklistCursor, WorklistItem, fermata_worklist_cursor_vt, fermata_worklist_cursor> {};

template <>
struct Bridge<Worklist> {
  using Table = fermata_worklist_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Worklist::put>::call, Thunk<&Worklist::remove>::call,
                         Thunk<&Worklist::find>::call, Thunk<&Worklist::set_status>::call};
    return &t;
  }
  class Proxy final : public Worklist, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    void put(std::string_view id, std::string_view origin, std::span<const std::byte> data_set) override {
      call(&Table::put, str(id), str(origin), bytes(data_set));
    }
    void remove(std::string_view id) override { call(&Table::remove, str(id)); }
    std::unique_ptr<WorklistCursor> find(std::span<const std::byte> identifier) override {
      return get<std::unique_ptr<WorklistCursor>>(&Table::find, bytes(identifier));
    }
    void set_status(std::string_view id, std::string_view status) override {
      call(&Table::set_status, str(id), str(status));
    }
  };
};

}  // namespace fermata::bridge
