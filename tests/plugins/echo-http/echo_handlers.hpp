#pragma once
#include "fermata/http_router.hpp"

namespace echo_http {

/// POST: sends back what it is sent, while it is sent.
class Echo final : public fermata::HttpHandler {
 public:
  void handle(fermata::HttpRequest& request, fermata::HttpResponse& response) override;
};

/// GET: tells what the server says about the request, as text.
class Mirror final : public fermata::HttpHandler {
 public:
  void handle(fermata::HttpRequest& request, fermata::HttpResponse& response) override;
};

/// GET: as many zeros as the path says, in pieces of 128 KiB, 1 ms apart where the query is "slowly". PUT: counts what
/// it is sent.
class Zeros final : public fermata::HttpHandler {
 public:
  void handle(fermata::HttpRequest& request, fermata::HttpResponse& response) override;
};

}  // namespace echo_http
