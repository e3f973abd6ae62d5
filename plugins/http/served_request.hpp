#pragma once
#include <string>

#include "client_origin.hpp"
#include "fermata/http_router.hpp"
#include "request_body.hpp"
#include "request_head.hpp"
#include "route_table.hpp"

namespace fermata::http {

/// A request as its handler sees it. **Thread**: one. **Ownership**: all that is given lives as long as this.
class ServedRequest final : public HttpRequest {
 public:
  ServedRequest(const RequestHead& head, std::string_view path, const RouteTable::Parameters& parameters,
                const ClientOrigin& origin, std::string_view id, RequestBody& body)
      : head_(head), path_(path), parameters_(parameters), origin_(origin), id_(id), body_(body) {}

  std::string_view method() override { return head_.method == "HEAD" ? std::string_view("GET") : head_.method; }
  std::string_view path() override { return path_; }
  std::string_view query() override { return head_.query; }
  std::string_view parameter(std::string_view name) override {
    for (const auto& [known, value] : parameters_)
      if (known == name) return value;
    return {};
  }
  std::string_view header(std::string_view name) override { return head_.fields.get(name); }
  std::string_view base_url() override { return origin_.base_url; }
  std::string_view peer_address() override { return origin_.address; }
  std::string_view user() override { return {}; }
  std::string_view id() override { return id_; }
  uint64_t read(std::span<std::byte> into) override { return body_.read(into); }

 private:
  const RequestHead& head_;
  const std::string_view path_;
  const RouteTable::Parameters& parameters_;
  const ClientOrigin& origin_;
  const std::string_view id_;
  RequestBody& body_;
};

}  // namespace fermata::http
