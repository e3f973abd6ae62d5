#pragma once
#include "fermata/bridge/index.hpp"
#include "fermata/dimse_association.hpp"

namespace fermata::bridge {

inline fermata_dimse_request to_c(const DimseRequest& r) {
  return {sizeof(fermata_dimse_request),
          r.command_field,
          r.message_id,
          r.event_or_action_type,
          static_cast<uint8_t>(r.has_data_set),
          0,
          str(r.sop_class_uid),
          str(r.sop_instance_uid),
          bytes(r.data_set),
          r.attributes.data(),
          r.attributes.size(),
          str(r.calling_ae_title),
          str(r.called_ae_title),
          str(r.peer_address),
          str(r.move_destination)};
}
template <>
struct Wire<const DimseRequest&> {
  using c = const fermata_dimse_request*;
  static DimseRequest from(c given) {
    const auto v = complete(*given);
    return {v.command_field,          v.message_id,
            v.event_or_action_type,   view(v.sop_class_uid),
            view(v.sop_instance_uid), v.has_data_set != 0,
            view(v.data_set),         {v.attributes, static_cast<std::size_t>(v.attribute_count)},
            view(v.calling_ae_title), view(v.called_ae_title),
            view(v.peer_address),     view(v.move_destination)};
  }
};

inline fermata_dimse_response to_c(const DimseResponse& r) {
  return {sizeof(fermata_dimse_response),
          r.status,
          r.event_or_action_type,
          static_cast<uint8_t>(r.has_data_set),
          {},
          str(r.sop_class_uid),
          str(r.sop_instance_uid),
          str(r.error_comment),
          bytes(r.data_set),
          r.attributes.data(),
          r.attributes.size(),
          r.error_id,
          {}};
}
template <>
struct Wire<const DimseResponse&> {
  using c = const fermata_dimse_response*;
  static DimseResponse from(c given) {
    const auto v = complete(*given);
    return {v.status,
            v.event_or_action_type,
            view(v.sop_class_uid),
            view(v.sop_instance_uid),
            view(v.error_comment),
            v.has_data_set != 0,
            view(v.data_set),
            {v.attributes, static_cast<std::size_t>(v.attribute_count)},
            v.error_id};
  }
};

template <>
struct Wire<std::chrono::milliseconds> {
  using c = uint64_t;
  static c to(std::chrono::milliseconds v) { return v.count() < 0 ? 0 : static_cast<c>(v.count()); }
  static std::chrono::milliseconds from(c v) {
    return std::chrono::milliseconds(static_cast<int64_t>(std::min<c>(v, INT64_MAX)));
  }
};

template <>
struct Bridge<DimseResponseSink> {
  using Table = fermata_dimse_response_sink_vt;
  using Handle = fermata_dimse_response_sink;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&DimseResponseSink::take>::call};
    return &t;
  }
  class Proxy final : public DimseResponseSink, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    bool take(const DimseResponse& response) override {
      const auto c = to_c(response);
      return get<bool>(&Table::take, &c);
    }
  };
};
template <>
struct Wire<DimseResponseSink&> : Lent<DimseResponseSink> {};

template <>
struct Bridge<DimseAssociation> {
  using Table = fermata_dimse_association_vt;
  using Handle = fermata_dimse_association;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<DimseAssociation>, Thunk<&DimseAssociation::request>::call,
                         Thunk<&DimseAssociation::abort>::call, Thunk<&DimseAssociation::store>::call};
    return &t;
  }
  class Proxy final : public DimseAssociation, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    void request(const DimseRequest& request, std::chrono::milliseconds timeout, DimseResponseSink& sink) override {
      const auto c = to_c(request);
      call(&Table::request, &c, Wire<std::chrono::milliseconds>::to(timeout), Wire<DimseResponseSink&>::to(sink));
    }
    void abort() override { call(&Table::abort); }
    void store(const InstanceRecord& record, std::chrono::milliseconds timeout, DimseResponseSink& sink) override {
      const auto c = to_c(record);
      call(&Table::store, &c, Wire<std::chrono::milliseconds>::to(timeout), Wire<DimseResponseSink&>::to(sink));
    }
  };
};

}  // namespace fermata::bridge
