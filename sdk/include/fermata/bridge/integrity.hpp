#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/bridge/index.hpp"
#include "fermata/integrity.hpp"

namespace fermata::bridge {

template <>
struct Convert<Finding> {
  using c = fermata_finding;
  static c to(const Finding& f) {
    return {sizeof(c), static_cast<uint32_t>(f.state), str(f.blob_key), f.length, str(f.problem), str(f.done)};
  }
  static Finding from(const c& v) {
    return {static_cast<Finding::State>(v.state), view(v.blob_key), v.length, view(v.problem), view(v.done)};
  }
};
template <>
struct Wire<Finding&> : GivenOut<Finding> {};
template <>
struct Bridge<IntegrityWalk> : CursorBridge<IntegrityWalk, Finding, fermata_integrity_walk_vt, fermata_integrity_walk> {
};

template <>
struct Bridge<ObjectCopies> {
  using Table = fermata_object_copies_vt;
  using Handle = fermata_object_copies;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<ObjectCopies>, Thunk<&ObjectCopies::copy>::call,
                         Thunk<&ObjectCopies::place>::call, Thunk<&ObjectCopies::fetch>::call};
    return &t;
  }
  class Proxy final : public ObjectCopies, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    std::unique_ptr<BlobReader> copy(std::string_view blob_key, uint64_t number) override {
      return get<std::unique_ptr<BlobReader>>(&Table::copy, str(blob_key), number);
    }
    std::string_view place() override { return get<std::string_view>(&Table::place); }
    bool fetch(const InstanceRecord& damaged) override {
      const auto c = to_c(damaged);
      return get<bool>(&Table::fetch, &c);
    }
  };
};

template <>
struct Bridge<Integrity> {
  using Table = fermata_integrity_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Integrity::walk>::call};
    return &t;
  }
  class Proxy final : public Integrity, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<IntegrityWalk> walk(std::string_view after, std::unique_ptr<ObjectCopies> copies) override {
      return get<std::unique_ptr<IntegrityWalk>>(&Table::walk, str(after), hand_over(std::move(copies)));
    }
  };
};

}  // namespace fermata::bridge
