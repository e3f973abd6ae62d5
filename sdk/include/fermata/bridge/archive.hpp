#pragma once
#include "fermata/archive.hpp"
#include "fermata/bridge/blob_store.hpp"
#include "fermata/bridge/index.hpp"

namespace fermata::bridge {

inline fermata_store_request to_c(const StoreRequest& r) {
  return {sizeof(fermata_store_request),
          0,
          str(r.transfer_syntax_uid),
          str(r.sop_class_uid),
          str(r.sop_instance_uid),
          str(r.calling_ae_title),
          str(r.called_ae_title),
          str(r.peer_address),
          str(r.protocol),
          str(r.study_instance_uid)};
}
inline StoreRequest from_c(const fermata_store_request& c) {
  return {view(c.transfer_syntax_uid), view(c.sop_class_uid), view(c.sop_instance_uid), view(c.calling_ae_title),
          view(c.called_ae_title),     view(c.peer_address),  view(c.protocol),         view(c.study_instance_uid)};
}
template <>
struct Wire<const StoreRequest&> {
  using c = const fermata_store_request*;
  static StoreRequest from(c v) { return from_c(complete(*v)); }
};
template <>
struct Out<StoreRequest> {
  using c = fermata_store_request;
  static void put(const StoreRequest& v, c* out) { deliver(to_c(v), *out); }
  static StoreRequest take(const c& v) { return from_c(v); }
};
template <>
struct Out<StoreOutcome> {
  using c = fermata_store_outcome;
  static void put(const StoreOutcome& v, c* out) {
    deliver({sizeof(c), static_cast<uint32_t>(v.kind), static_cast<uint32_t>(v.refusal), 0, str(v.reason),
             str(v.study_instance_uid), str(v.series_instance_uid), str(v.sop_instance_uid), str(v.sop_class_uid)},
            *out);
  }
  static StoreOutcome take(const c& v) {
    return {static_cast<StoreOutcome::Kind>(v.kind),
            static_cast<StoreOutcome::Refusal>(v.refusal),
            view(v.reason),
            view(v.study_instance_uid),
            view(v.series_instance_uid),
            view(v.sop_instance_uid),
            view(v.sop_class_uid)};
  }
};

template <>
struct Bridge<StoreOperation> {
  using Table = fermata_store_operation_vt;
  using Handle = fermata_store_operation;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<StoreOperation>, Thunk<&StoreOperation::append>::call,
                         Thunk<&StoreOperation::finish>::call};
    return &t;
  }
  class Proxy final : public StoreOperation, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    void append(std::span<const std::byte> data) override { call(&Table::append, bytes(data)); }
    StoreOutcome finish() override { return get<StoreOutcome>(&Table::finish); }
  };
};

template <>
struct Bridge<ObjectReader> {
  using Table = fermata_object_reader_vt;
  using Handle = fermata_object_reader;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<ObjectReader>, Thunk<&ObjectReader::length>::call,
                         read_at_thunk<ObjectReader>};
    return &t;
  }
  class Proxy final : public ObjectReader, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    uint64_t length() override { return get<uint64_t>(&Table::length); }
    uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
      return get<uint64_t>(&Table::read_at, offset, reinterpret_cast<uint8_t*>(into.data()), uint64_t{into.size()});
    }
  };
};

template <>
struct Bridge<Archive> {
  using Table = fermata_archive_vt;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&Archive::store>::call,
                         Thunk<&Archive::find>::call,
                         Thunk<&Archive::instances>::call,
                         Thunk<&Archive::open>::call,
                         Thunk<&Archive::remove>::call,
                         Thunk<&Archive::statistics>::call,
                         Thunk<&Archive::changes>::call,
                         Thunk<&Archive::capacity>::call};
    return &t;
  }
  class Proxy final : public Archive, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<StoreOperation> store(const StoreRequest& request) override {
      const auto c = to_c(request);
      return get<std::unique_ptr<StoreOperation>>(&Table::store, &c);
    }
    std::unique_ptr<MatchCursor> find(const Query& query) override {
      const auto c = Wire<const Query&>::to(query);
      return get<std::unique_ptr<MatchCursor>>(&Table::find, &c);
    }
    std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
      const Wire<const Selection&>::ToC c(selection);
      return get<std::unique_ptr<InstanceCursor>>(&Table::instances, &c.selection);
    }
    std::unique_ptr<ObjectReader> open(const InstanceRecord& record) override {
      const auto c = to_c(record);
      return get<std::unique_ptr<ObjectReader>>(&Table::open, &c);
    }
    uint64_t remove(const Selection& selection) override {
      const Wire<const Selection&>::ToC c(selection);
      return get<uint64_t>(&Table::remove, &c.selection);
    }
    IndexStatistics statistics() override { return get<IndexStatistics>(&Table::statistics); }
    std::unique_ptr<ChangeCursor> changes(uint64_t after) override {
      return get<std::unique_ptr<ChangeCursor>>(&Table::changes, after);
    }
    Capacity capacity() override { return get<Capacity>(&Table::capacity); }
  };
};

}  // namespace fermata::bridge
