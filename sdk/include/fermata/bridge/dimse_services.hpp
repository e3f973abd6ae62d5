#pragma once
#include <mutex>

#include "fermata/bridge/bridge.hpp"
#include "fermata/dimse_services.hpp"

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
          str(r.peer_address)};
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
            view(v.peer_address)};
  }
};
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
            view(v.data_set)};
  }
};

template <>
struct Bridge<DimseResponder> {
  using Table = fermata_dimse_responder_vt;
  using Handle = fermata_dimse_responder;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&DimseResponder::send>::call, Thunk<&DimseResponder::cancelled>::call};
    return &t;
  }
  class Proxy final : public DimseResponder, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    void send(const DimseResponse& r) override {
      const fermata_dimse_response c{sizeof c,
                                     r.status,
                                     r.event_or_action_type,
                                     static_cast<uint8_t>(r.has_data_set),
                                     {},
                                     str(r.sop_class_uid),
                                     str(r.sop_instance_uid),
                                     str(r.error_comment),
                                     bytes(r.data_set)};
      call(&Table::send, &c);
    }
    bool cancelled() override { return get<bool>(&Table::cancelled); }
  };
};
template <>
struct Wire<DimseResponder&> : Lent<DimseResponder> {};

template <>
struct Bridge<DimseService> {
  using Table = fermata_dimse_service_vt;
  using Handle = fermata_dimse_service;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&DimseService::handle>::call};
    return &t;
  }
  class Proxy final : public DimseService, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    void handle(const DimseRequest& request, DimseResponder& responder) override {
      const auto c = to_c(request);
      call(&Table::handle, &c, Wire<DimseResponder&>::to(responder));
    }
  };
};

/// A service that outlives the call: the receiving side is handed a reference, so its table makes and keeps the
/// proxies.
class DimseServicesKept {
 public:
  explicit DimseServicesKept(DimseServices& services) : services_(services) {}
  static int32_t add(void* self, fermata_strings uids, uint32_t rights, fermata_dimse_service service,
                     fermata_error* error) noexcept {
    return guard(error, [&] {
      auto& kept = *static_cast<DimseServicesKept*>(self);
      kept.services_.add(views(uids), rights, kept.keep(service));
    });
  }

 private:
  /// Before it is handed on: nothing may fail after that.
  DimseService& keep(fermata_dimse_service service) {
    const std::lock_guard lock(mutex_);
    return *proxies_.emplace_back(std::make_unique<Bridge<DimseService>::Proxy>(service));
  }

  DimseServices& services_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<DimseService>> proxies_;
};

template <>
struct Bridge<DimseServices> {
  using Table = fermata_dimse_services_vt;
  using Published = DimseServicesKept;  // what `self` points at: made by Host::publish, kept as long as the plugin
  static const Table* table() {
    static const Table t{sizeof(Table), DimseServicesKept::add};
    return &t;
  }
  class Proxy final : public DimseServices, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    void add(std::span<const std::string_view> uids, Rights rights, DimseService& service) override {
      const Strings list(uids);
      call(&Table::add, static_cast<fermata_strings>(list), rights,
           fermata_dimse_service{Bridge<DimseService>::table(), &service});
    }
  };
};

}  // namespace fermata::bridge
