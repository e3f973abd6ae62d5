#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/worklist.hpp"

namespace fermata::bridge {

template <>
struct Wire<WorklistItem&> {
  using c = fermata_worklist_item*;
  struct Box {
    c target;
    WorklistItem item{};
    operator WorklistItem&() { return item; }
    ~Box() { deliver({sizeof *target, 0, str(item.id), str(item.origin), bytes(item.data_set)}, *target); }
  };
  static Box from(c v) { return Box{v}; }
};

template <>
struct Bridge<WorklistCursor> {
  using Table = fermata_worklist_cursor_vt;
  using Handle = fermata_worklist_cursor;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<WorklistCursor>, Thunk<&WorklistCursor::next>::call};
    return &t;
  }
  class Proxy final : public WorklistCursor, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    bool next(WorklistItem& item) override {
      fermata_worklist_item c{};
      c.size = sizeof c;
      const bool more = get<bool>(&Table::next, &c);
      item = {view(c.id), view(c.origin), view(c.data_set)};
      return more;
    }
  };
};

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
