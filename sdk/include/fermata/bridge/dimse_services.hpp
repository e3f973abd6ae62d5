#pragma once
#include <mutex>

#include "fermata/bridge/dimse_association.hpp"
#include "fermata/dimse_services.hpp"

namespace fermata::bridge {

template <>
struct Bridge<DimseResponder> {
  using Table = fermata_dimse_responder_vt;
  using Handle = fermata_dimse_responder;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&DimseResponder::send>::call, Thunk<&DimseResponder::cancelled>::call,
                         Thunk<&DimseResponder::association>::call};
    return &t;
  }
  class Proxy final : public DimseResponder, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    void send(const DimseResponse& r) override {
      const auto c = to_c(r);
      call(&Table::send, &c);
    }
    bool cancelled() override { return get<bool>(&Table::cancelled); }
    std::unique_ptr<DimseAssociation> association() override {
      return get<std::unique_ptr<DimseAssociation>>(&Table::association);
    }
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
