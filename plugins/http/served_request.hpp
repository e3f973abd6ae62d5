#pragma once
#include <string>

#include "access.hpp"
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
                const ClientOrigin& origin, Sender& sender, std::string_view id, RequestBody& body)
      : head_(head), path_(path), parameters_(parameters), origin_(origin), sender_(sender), id_(id), body_(body) {}

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
  std::string_view user() override { return sender_.user(); }
  std::string_view id() override { return id_; }
  uint64_t read(std::span<std::byte> into) override { return body_.read(into); }
  bool may(std::string_view permission) override { return sender_.may(permission); }
  bool sees_all_studies() override { return sender_.sees_all_studies(); }
  bool sees_study(std::string_view uid) override { return sender_.sees_study(uid); }
  bool secure() override { return is_secure(origin_); }

 private:
  const RequestHead& head_;
  const std::string_view path_;
  const RouteTable::Parameters& parameters_;
  const ClientOrigin& origin_;
  Sender& sender_;
  const std::string_view id_;
  RequestBody& body_;
};

}  // namespace fermata::http
