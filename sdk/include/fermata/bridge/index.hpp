#pragma once
#include <algorithm>

#include "fermata/bridge/bridge.hpp"
#include "fermata/index.hpp"

namespace fermata::bridge {

inline fermata_instance_record to_c(const InstanceRecord& r) {
  fermata_instance_record out{};
  out.size = sizeof out;
  out.study_instance_uid = str(r.study_instance_uid);
  out.series_instance_uid = str(r.series_instance_uid);
  out.sop_instance_uid = str(r.sop_instance_uid);
  out.sop_class_uid = str(r.sop_class_uid);
  out.transfer_syntax_uid = str(r.transfer_syntax_uid);
  out.header = bytes(r.header);
  out.blob_key = str(r.blob_key);
  out.blob_length = r.blob_length;
  out.data_set_offset = r.data_set_offset;
  std::copy(r.checksum.begin(), r.checksum.end(), out.checksum);
  out.received_us = r.received_us;
  out.source_ae_title = str(r.source_ae_title);
  out.bulk = r.bulk.data();
  out.bulk_count = r.bulk.size();
  return out;
}
inline InstanceRecord from_c(const fermata_instance_record& c) {
  InstanceRecord r;
  r.study_instance_uid = view(c.study_instance_uid);
  r.series_instance_uid = view(c.series_instance_uid);
  r.sop_instance_uid = view(c.sop_instance_uid);
  r.sop_class_uid = view(c.sop_class_uid);
  r.transfer_syntax_uid = view(c.transfer_syntax_uid);
  r.header = view(c.header);
  r.blob_key = view(c.blob_key);
  r.blob_length = c.blob_length;
  r.data_set_offset = c.data_set_offset;
  std::copy(std::begin(c.checksum), std::end(c.checksum), r.checksum.begin());
  r.received_us = c.received_us;
  r.source_ae_title = view(c.source_ae_title);
  r.bulk = {c.bulk, static_cast<std::size_t>(c.bulk_count)};
  return r;
}
template <>
struct Wire<const InstanceRecord&> {
  using c = const fermata_instance_record*;
  static InstanceRecord from(c v) { return from_c(complete(*v)); }
};
template <>
struct Wire<InstanceRecord&> {
  using c = fermata_instance_record*;
  struct Box {
    c target;
    InstanceRecord record{};
    operator InstanceRecord&() { return record; }
    ~Box() { deliver(to_c(record), *target); }
  };
  static Box from(c v) { return Box{v}; }
};
template <>
struct Wire<std::span<const std::byte>&> {
  using c = fermata_bytes*;
  struct Box {
    c target;
    std::span<const std::byte> value{};
    operator std::span<const std::byte>&() { return value; }
    ~Box() { *target = bytes(value); }
  };
  static Box from(c v) { return Box{v}; }
};
template <>
struct Wire<const Query&> {
  using c = const fermata_query*;
  static Query from(c given) {
    const auto v = complete(*given);
    return {static_cast<Level>(v.level),
            view(v.identifier),
            static_cast<Query::Order>(v.order),
            v.offset,
            v.limit,
            (v.flags & FERMATA_QUERY_COMBINED_DATE_TIME) != 0};
  }
  static fermata_query to(const Query& q) {
    return {sizeof(fermata_query),
            static_cast<uint32_t>(q.level),
            bytes(q.identifier),
            static_cast<uint32_t>(q.order),
            q.combined_date_time ? uint32_t{FERMATA_QUERY_COMBINED_DATE_TIME} : 0u,
            q.offset,
            q.limit};
  }
};
template <>
struct Wire<const Selection&> {
  using c = const fermata_selection*;
  struct FromC {
    std::vector<std::string_view> patients, studies, series, instances;
    Selection selection;
    operator const Selection&() const { return selection; }
    explicit FromC(const fermata_selection& v)
        : patients(views(v.patient_ids)),
          studies(views(v.study_instance_uids)),
          series(views(v.series_instance_uids)),
          instances(views(v.sop_instance_uids)),
          selection{patients, studies, series, instances, v.with_headers != 0} {}
    FromC(const FromC&) = delete;
    FromC& operator=(const FromC&) = delete;
  };
  static FromC from(c v) { return FromC(complete(*v)); }
  struct ToC {
    Strings patients, studies, series, instances;
    fermata_selection selection;
    explicit ToC(const Selection& s)
        : patients(s.patient_ids),
          studies(s.study_instance_uids),
          series(s.series_instance_uids),
          instances(s.sop_instance_uids),
          selection{sizeof(fermata_selection), s.with_headers ? 1u : 0u, patients, studies, series, instances} {}
    ToC(const ToC&) = delete;
    ToC& operator=(const ToC&) = delete;
  };
};
template <>
struct Out<IndexStatistics> {
  using c = fermata_index_statistics;
  static void put(const IndexStatistics& v, c* out) {
    deliver({sizeof *out, 0, v.studies, v.series, v.instances, v.bytes}, *out);
  }
  static IndexStatistics take(const c& v) { return {v.studies, v.series, v.instances, v.bytes}; }
};

template <>
struct Bridge<InstanceCursor> {
  using Table = fermata_instance_cursor_vt;
  using Handle = fermata_instance_cursor;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<InstanceCursor>, Thunk<&InstanceCursor::next>::call};
    return &t;
  }
  class Proxy final : public InstanceCursor, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    bool next(InstanceRecord& record) override {
      auto c = to_c(InstanceRecord{});
      const bool more = get<bool>(&Table::next, &c);
      record = from_c(c);
      return more;
    }
  };
};

template <>
struct Bridge<MatchCursor> {
  using Table = fermata_match_cursor_vt;
  using Handle = fermata_match_cursor;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<MatchCursor>, Thunk<&MatchCursor::next>::call};
    return &t;
  }
  class Proxy final : public MatchCursor, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    bool next(std::span<const std::byte>& identifier) override {
      fermata_bytes b{};
      const bool more = get<bool>(&Table::next, &b);
      identifier = view(b);
      return more;
    }
  };
};

template <>
struct Convert<Change> {
  using c = fermata_change;
  static c to(const Change& r) {
    return {sizeof(c),
            static_cast<uint32_t>(r.kind),
            r.sequence,
            r.time_us,
            str(r.study_instance_uid),
            str(r.series_instance_uid),
            str(r.sop_instance_uid)};
  }
  static Change from(const c& v) {
    return {v.sequence,
            static_cast<Change::Kind>(v.kind),
            v.time_us,
            view(v.study_instance_uid),
            view(v.series_instance_uid),
            view(v.sop_instance_uid)};
  }
};
template <>
struct Wire<Change&> : GivenOut<Change> {};
template <>
struct Bridge<ChangeCursor> : CursorBridge<ChangeCursor, Change, fermata_change_cursor_vt, fermata_change_cursor> {};

template <>
struct Bridge<IndexTransaction> {
  using Table = fermata_index_transaction_vt;
  using Handle = fermata_index_transaction;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<IndexTransaction>, Thunk<&IndexTransaction::upsert>::call,
                         Thunk<&IndexTransaction::remove>::call, Thunk<&IndexTransaction::commit>::call};
    return &t;
  }
  class Proxy final : public IndexTransaction, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    void upsert(const InstanceRecord& record) override {
      const auto c = to_c(record);
      call(&Table::upsert, &c);
    }
    bool remove(std::string_view uid) override { return get<bool>(&Table::remove, str(uid)); }
    void commit() override { call(&Table::commit); }
  };
};

template <>
struct Bridge<Index> {
  using Table = fermata_index_vt;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&Index::begin>::call,
                         Thunk<&Index::find>::call,
                         Thunk<&Index::instances>::call,
                         Thunk<&Index::changes>::call,
                         Thunk<&Index::statistics>::call,
                         Thunk<&Index::sync>::call,
                         Thunk<&Index::clear>::call};
    return &t;
  }
  class Proxy final : public Index, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<IndexTransaction> begin(std::string_view study) override {
      return get<std::unique_ptr<IndexTransaction>>(&Table::begin, str(study));
    }
    std::unique_ptr<MatchCursor> find(const Query& query) override {
      const auto c = Wire<const Query&>::to(query);
      return get<std::unique_ptr<MatchCursor>>(&Table::find, &c);
    }
    std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
      const Wire<const Selection&>::ToC c(selection);
      return get<std::unique_ptr<InstanceCursor>>(&Table::instances, &c.selection);
    }
    std::unique_ptr<ChangeCursor> changes(uint64_t after) override {
      return get<std::unique_ptr<ChangeCursor>>(&Table::changes, after);
    }
    IndexStatistics statistics() override { return get<IndexStatistics>(&Table::statistics); }
    void sync() override { call(&Table::sync); }
    void clear() override { call(&Table::clear); }
  };
};

}  // namespace fermata::bridge
