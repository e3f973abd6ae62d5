#pragma once
#include <algorithm>
#include <cctype>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"

namespace fermata::testing {

/// A request as a test says it, for a handler without a server. Header names are given in lower case.
class GivenRequest final : public HttpRequest {
 public:
  std::string method_given = "GET";
  std::string path_given = "/";
  std::string query_given;
  std::map<std::string, std::string, std::less<>> parameters;
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;
  std::size_t piece = SIZE_MAX;  ///< most bytes that one read gives
  std::string user_given;
  std::set<std::string, std::less<>> forbidden;        ///< permissions that the sender lacks
  std::set<std::string, std::less<>> visible_studies;  ///< that the sender may know of; empty: all
  bool secure_given = true;

  std::string_view method() override { return method_given; }
  std::string_view path() override { return path_given; }
  std::string_view query() override { return query_given; }
  std::string_view parameter(std::string_view name) override { return value(parameters, name); }
  std::string_view header(std::string_view name) override {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return value(headers, lower);
  }
  std::string_view base_url() override { return "http://archive.example"; }
  std::string_view peer_address() override { return "127.0.0.1"; }
  std::string_view user() override { return user_given; }
  std::string_view id() override { return "1"; }
  uint64_t read(std::span<std::byte> into) override {
    const auto count = std::min({into.size(), body.size() - read_, piece});
    std::memcpy(into.data(), body.data() + read_, count);
    read_ += count;
    return count;
  }
  bool may(std::string_view permission) override { return forbidden.count(permission) == 0; }
  bool sees_all_studies() override { return visible_studies.empty(); }
  bool sees_study(std::string_view uid) override { return sees_all_studies() || visible_studies.count(uid) != 0; }
  bool secure() override { return secure_given; }

 private:
  using Values = std::map<std::string, std::string, std::less<>>;
  static std::string_view value(const Values& values, std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string_view{} : std::string_view(found->second);
  }
  std::size_t read_ = 0;
};

/// Keeps what a handler answers. Header names are kept in lower case.
class KeptResponse final : public HttpResponse {
 public:
  uint32_t code = 200;
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;
  std::size_t largest_write = 0;
  std::size_t give_up_after = SIZE_MAX;  ///< bytes after which the client is gone

  void status(uint32_t c) override { code = c; }
  void header(std::string_view name, std::string_view value) override {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    headers[lower] = std::string(value);
  }
  void write(std::span<const std::byte> data) override {
    if (body.size() >= give_up_after) throw Error(Code::cancelled, "the client is gone");
    body.append(reinterpret_cast<const char*>(data.data()), data.size());
    largest_write = std::max(largest_write, data.size());
  }
  void flush() override {}
};

}  // namespace fermata::testing
