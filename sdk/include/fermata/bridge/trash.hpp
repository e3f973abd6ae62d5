#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/trash.hpp"

namespace fermata::bridge {

template <>
struct Wire<int64_t> : Identity<int64_t> {};

template <>
struct Convert<DiscardedStudy> {
  using c = fermata_discarded_study;
  static c to(const DiscardedStudy& s) {
    return {sizeof(c),           0,           str(s.study_instance_uid),
            bytes(s.identifier), str(s.user), s.discarded_us,
            s.purge_us,          s.instances, s.bytes};
  }
  static DiscardedStudy from(const c& v) {
    return {
        view(v.study_instance_uid), view(v.identifier), view(v.user), v.discarded_us, v.purge_us, v.instances, v.bytes};
  }
};
template <>
struct Wire<DiscardedStudy&> : GivenOut<DiscardedStudy> {};
template <>
struct Bridge<DiscardedStudyCursor> : CursorBridge<DiscardedStudyCursor, DiscardedStudy,
                                                   fermata_discarded_study_cursor_vt, fermata_discarded_study_cursor> {
};

template <>
struct Bridge<Trash> {
  using Table = fermata_trash_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Trash::discard>::call, Thunk<&Trash::restore>::call,
                         Thunk<&Trash::purge>::call, Thunk<&Trash::list>::call};
    return &t;
  }
  class Proxy final : public Trash, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    uint64_t discard(std::string_view study, std::string_view user, int64_t purge_us) override {
      return get<uint64_t>(&Table::discard, str(study), str(user), purge_us);
    }
    uint64_t restore(std::string_view study) override { return get<uint64_t>(&Table::restore, str(study)); }
    uint64_t purge(std::string_view study) override { return get<uint64_t>(&Table::purge, str(study)); }
    std::unique_ptr<DiscardedStudyCursor> list() override {
      return get<std::unique_ptr<DiscardedStudyCursor>>(&Table::list);
    }
  };
};

}  // namespace fermata::bridge
