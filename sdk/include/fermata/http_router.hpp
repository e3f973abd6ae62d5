#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/http_router.h"
#include "fermata/error.hpp"

namespace fermata {

/// One request. **Thread**: that of `handle`, while it runs. **Ownership**: views are valid as long as the request.
class HttpRequest {
 public:
  virtual ~HttpRequest() = default;
  virtual std::string_view method() = 0;  ///< GET also for HEAD: the server drops the body
  virtual std::string_view path() = 0;    ///< as sent: percent-encoded, without the server's prefix and the query
  virtual std::string_view query() = 0;   ///< what follows "?", as sent; may be empty
  /// What stands in the path for `{name}` of the route's template, percent-decoded.
  virtual std::string_view parameter(std::string_view name) = 0;
  /// By name, in any case; several of one name are joined with ", ". Empty where there is none.
  virtual std::string_view header(std::string_view name) = 0;
  /// "https://host:port/prefix" as the client sees the server, also behind a proxy; no "/" at the end.
  virtual std::string_view base_url() = 0;
  virtual std::string_view peer_address() = 0;
  virtual std::string_view user() = 0;  ///< who logged in; empty: nobody did, or a network is trusted without
  virtual std::string_view id() = 0;    ///< names this request in the log and in the response (X-Request-Id)
  /// The body's next bytes, as they arrive; 0 at its end. Error invalid (not as announced), too_large as Error refused
  /// (the server answers 413), cancelled (the client is gone or too slow).
  virtual uint64_t read(std::span<std::byte> into) = 0;
  /// Whether the sender may do this too, beside what the route asks for.
  virtual bool may(std::string_view /*permission*/) { return false; }
  /// Which studies the sender may know of. `fermata/visible_studies.hpp` applies it to everything that is found.
  virtual bool sees_all_studies() { return false; }
  virtual bool sees_study(std::string_view /*study_instance_uid*/) { return false; }
  virtual bool secure() { return false; }  ///< nobody can listen: TLS, or from this machine
};

/// The answer to one request: status and headers first, then the body in pieces.
///
/// The server adds what HTTP wants: Date, Content-Length of an answer that fits into its buffer, chunks otherwise,
/// compression, ranges (where `Accept-Ranges: bytes` and `Content-Length` are set), and 304 where an `ETag` or
/// `Last-Modified` that was set meets the request's condition.
class HttpResponse {
 public:
  virtual ~HttpResponse() = default;
  virtual void status(uint32_t code) = 0;  ///< 200 unless set
  /// In place of an earlier one of this name; Set-Cookie, Link, Vary and Warning may stand several times.
  virtual void header(std::string_view name, std::string_view value) = 0;
  /// Waits while the client is slower than we are. The first call ends status and headers. Error cancelled when nobody
  /// wants the rest (the client is gone, HEAD, 304, past the range's end): let it pass, it is not logged as a failure.
  virtual void write(std::span<const std::byte> data) = 0;
  virtual void flush() = 0;  ///< what was written so far goes out now
};

/// Answers the requests of a route.
///
/// **Thread**: any number at once; it may wait. **Errors**: one that leaves `handle` before the first `write` becomes
/// an answer with a problem body (RFC 9457): invalid 400, refused 403, not_found 404, conflict 409, unsupported 501,
/// unavailable 503, no_space 507, all others 500. Later the connection is cut, so that nobody takes the body for whole.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual void handle(HttpRequest& request, HttpResponse& response) = 0;
};

/// A method and a path template: `{name}` stands for one segment, `{name...}` at the end for all that is left, which
/// may be nothing and never leads out of a folder. Where several match, a segment in plain text goes before `{name}`,
/// and that before `{name...}`. A "/" at the end of a request's path is left out where nothing matches it.
struct HttpRoute {
  std::string_view method;  ///< "GET" serves HEAD too; OPTIONS and 405 are the server's
  std::string_view path;    ///< "/dicom-web/studies/{study}"
  /// What the caller must be allowed to do, such as "studies.read"; empty: the route is public.
  std::string_view permission;
  /// What it takes and gives, for people and generators: an OpenAPI 3.1 Operation Object in JSON. Empty: not described.
  std::string_view operation;
};

/// Routes in the order of their paths. Views are valid until the next call.
class HttpRouteCursor {
 public:
  virtual ~HttpRouteCursor() = default;
  virtual bool next(HttpRoute& route) = 0;
};

/// Where a plugin adds pages and interfaces to the archive's HTTP server.
///
/// *Provided by* http; *used by* plugins that speak over HTTP. Add in `start`; no request arrives before `serve`.
/// **Ownership**: the handler stays its plugin's and lives until `stop`. **Errors**: conflict (the route is taken),
/// invalid (no such template).
class HttpRouter {
 public:
  static constexpr const char* kId = FERMATA_HTTP_ROUTER_ID;
  virtual ~HttpRouter() = default;
  virtual void add(const HttpRoute& route, HttpHandler& handler) = 0;
  /// All that were added so far. **Thread**: any, from `serve` on.
  virtual std::unique_ptr<HttpRouteCursor> routes() {
    throw Error(Code::unsupported, "this server does not list its routes");
  }
};

}  // namespace fermata

#include "fermata/bridge/http_router.hpp"  // IWYU pragma: export
