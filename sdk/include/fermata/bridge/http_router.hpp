#pragma once
#include <mutex>

#include "fermata/bridge/bridge.hpp"
#include "fermata/http_router.hpp"

namespace fermata::bridge {

template <>
struct Bridge<HttpRequest> {
  using Table = fermata_http_request_vt;
  using Handle = fermata_http_request;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&HttpRequest::method>::call,
                         Thunk<&HttpRequest::path>::call,
                         Thunk<&HttpRequest::query>::call,
                         Thunk<&HttpRequest::parameter>::call,
                         Thunk<&HttpRequest::header>::call,
                         Thunk<&HttpRequest::base_url>::call,
                         Thunk<&HttpRequest::peer_address>::call,
                         Thunk<&HttpRequest::user>::call,
                         Thunk<&HttpRequest::id>::call,
                         read,
                         Thunk<&HttpRequest::may>::call,
                         Thunk<&HttpRequest::sees_all_studies>::call,
                         Thunk<&HttpRequest::sees_study>::call,
                         Thunk<&HttpRequest::secure>::call};
    return &t;
  }
  class Proxy final : public HttpRequest, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    std::string_view method() override { return get<std::string_view>(&Table::method); }
    std::string_view path() override { return get<std::string_view>(&Table::path); }
    std::string_view query() override { return get<std::string_view>(&Table::query); }
    std::string_view parameter(std::string_view n) override { return get<std::string_view>(&Table::parameter, str(n)); }
    std::string_view header(std::string_view n) override { return get<std::string_view>(&Table::header, str(n)); }
    std::string_view base_url() override { return get<std::string_view>(&Table::base_url); }
    std::string_view peer_address() override { return get<std::string_view>(&Table::peer_address); }
    std::string_view user() override { return get<std::string_view>(&Table::user); }
    std::string_view id() override { return get<std::string_view>(&Table::id); }
    uint64_t read(std::span<std::byte> into) override {
      return get<uint64_t>(&Table::read, reinterpret_cast<uint8_t*>(into.data()), uint64_t{into.size()});
    }
    bool may(std::string_view permission) override { return get<bool>(&Table::may, str(permission)); }
    bool sees_all_studies() override { return get<bool>(&Table::sees_all_studies); }
    bool sees_study(std::string_view uid) override { return get<bool>(&Table::sees_study, str(uid)); }
    bool secure() override { return get<bool>(&Table::secure); }
  };

 private:
  static int32_t read(void* self, uint8_t* into, uint64_t size, uint64_t* out, fermata_error* error) noexcept {
    return guard(error, [&] {
      *out =
          static_cast<HttpRequest*>(self)->read({reinterpret_cast<std::byte*>(into), static_cast<std::size_t>(size)});
    });
  }
};

template <>
struct Bridge<HttpResponse> {
  using Table = fermata_http_response_vt;
  using Handle = fermata_http_response;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&HttpResponse::status>::call, Thunk<&HttpResponse::header>::call,
                         Thunk<&HttpResponse::write>::call, Thunk<&HttpResponse::flush>::call};
    return &t;
  }
  class Proxy final : public HttpResponse, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    void status(uint32_t code) override { call(&Table::status, code); }
    void header(std::string_view name, std::string_view value) override { call(&Table::header, str(name), str(value)); }
    void write(std::span<const std::byte> data) override { call(&Table::write, bytes(data)); }
    void flush() override { call(&Table::flush); }
  };
};

template <>
struct Wire<HttpRequest&> : Lent<HttpRequest> {};
template <>
struct Wire<HttpResponse&> : Lent<HttpResponse> {};

template <>
struct Bridge<HttpHandler> {
  using Table = fermata_http_handler_vt;
  using Handle = fermata_http_handler;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&HttpHandler::handle>::call};
    return &t;
  }
  class Proxy final : public HttpHandler, Remote<Table> {
   public:
    explicit Proxy(Handle h) : Remote(h.vt, h.self) {}
    void handle(HttpRequest& request, HttpResponse& response) override {
      call(&Table::handle, Wire<HttpRequest&>::to(request), Wire<HttpResponse&>::to(response));
    }
  };
};

template <>
struct Convert<HttpRoute> {
  using c = fermata_http_route;
  static c to(const HttpRoute& r) {
    return {sizeof(c), 0, str(r.method), str(r.path), str(r.permission), str(r.operation)};
  }
  static HttpRoute from(const c& v) { return {view(v.method), view(v.path), view(v.permission), view(v.operation)}; }
};
template <>
struct Wire<HttpRoute&> : GivenOut<HttpRoute> {};
template <>
struct Bridge<HttpRouteCursor>
    : CursorBridge<HttpRouteCursor, HttpRoute, fermata_http_route_cursor_vt, fermata_http_route_cursor> {};

/// A handler outlives the call that adds it: the receiving side is handed a reference, so its table makes and keeps the
/// proxies.
class HttpRouterKept {
 public:
  explicit HttpRouterKept(HttpRouter& router) : router_(router) {}
  static int32_t add(void* self, const fermata_http_route* route, fermata_http_handler handler,
                     fermata_error* error) noexcept {
    return guard(error, [&] {
      auto& kept = *static_cast<HttpRouterKept*>(self);
      kept.router_.add(Convert<HttpRoute>::from(complete(*route)), kept.keep(handler));
    });
  }
  static int32_t routes(void* self, fermata_http_route_cursor* out, fermata_error* error) noexcept {
    return guard(error, [&] {
      Out<std::unique_ptr<HttpRouteCursor>>::put(static_cast<HttpRouterKept*>(self)->router_.routes(), out);
    });
  }

 private:
  HttpHandler& keep(fermata_http_handler handler) {
    const std::lock_guard lock(mutex_);
    return *proxies_.emplace_back(std::make_unique<Bridge<HttpHandler>::Proxy>(handler));
  }

  HttpRouter& router_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<HttpHandler>> proxies_;
};

template <>
struct Bridge<HttpRouter> {
  using Table = fermata_http_router_vt;
  using Published = HttpRouterKept;
  static const Table* table() {
    static const Table t{sizeof(Table), HttpRouterKept::add, HttpRouterKept::routes};
    return &t;
  }
  class Proxy final : public HttpRouter, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    void add(const HttpRoute& route, HttpHandler& handler) override {
      const auto c = Convert<HttpRoute>::to(route);
      call(&Table::add, &c, fermata_http_handler{Bridge<HttpHandler>::table(), &handler});
    }
    std::unique_ptr<HttpRouteCursor> routes() override { return get<std::unique_ptr<HttpRouteCursor>>(&Table::routes); }
  };
};

}  // namespace fermata::bridge
