#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/bridge/index.hpp"
#include "fermata/index_renewal.hpp"

namespace fermata::bridge {

template <>
struct Bridge<NewIndex> {
  using Table = fermata_new_index_vt;
  using Handle = fermata_new_index;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         destroy<NewIndex>,
                         Thunk<&NewIndex::position>::call,
                         Thunk<&NewIndex::put>::call,
                         Thunk<&NewIndex::instances>::call,
                         Thunk<&NewIndex::save>::call,
                         Thunk<&NewIndex::catch_up>::call,
                         Thunk<&NewIndex::statistics>::call,
                         Thunk<&NewIndex::take_over>::call};
    return &t;
  }
  class Proxy final : public NewIndex, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    std::string_view position() override { return get<std::string_view>(&Table::position); }
    void put(const InstanceRecord& record) override {
      const auto c = to_c(record);
      call(&Table::put, &c);
    }
    std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
      const Wire<const Selection&>::ToC c(selection);
      return get<std::unique_ptr<InstanceCursor>>(&Table::instances, &c.selection);
    }
    void save(std::string_view position) override { call(&Table::save, str(position)); }
    uint64_t catch_up(uint64_t most) override { return get<uint64_t>(&Table::catch_up, most); }
    IndexStatistics statistics() override { return get<IndexStatistics>(&Table::statistics); }
    void take_over() override { call(&Table::take_over); }
  };
};

template <>
struct Bridge<IndexRenewal> {
  using Table = fermata_index_renewal_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&IndexRenewal::begin>::call, Thunk<&IndexRenewal::resume>::call,
                         Thunk<&IndexRenewal::abandon>::call};
    return &t;
  }
  class Proxy final : public IndexRenewal, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<NewIndex> begin() override { return get<std::unique_ptr<NewIndex>>(&Table::begin); }
    std::unique_ptr<NewIndex> resume() override { return get<std::unique_ptr<NewIndex>>(&Table::resume); }
    bool abandon() override { return get<bool>(&Table::abandon); }
  };
};

}  // namespace fermata::bridge
