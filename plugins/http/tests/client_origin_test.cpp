#include "client_origin.hpp"

#include <catch2/catch.hpp>

#include "access.hpp"
#include "cors.hpp"

using namespace fermata;
using namespace fermata::http;

namespace {

RequestHead head(std::initializer_list<std::pair<const char*, const char*>> fields, const char* method = "GET",
                 const char* host = "archive:8080") {
  RequestHead head;
  head.method = method;
  head.host = host;
  for (const auto& [name, value] : fields) head.fields.add(name, value);
  return head;
}

ProxySettings proxies(ProxySettings::Fields fields = ProxySettings::Fields::x_forwarded) {
  return {{IpNetwork::parse("10.0.0.0/24"), IpNetwork::parse("127.0.0.1")}, fields};
}

ClientOrigin origin(const RequestHead& given, const char* peer = "10.0.0.1",
                    ProxySettings::Fields fields = ProxySettings::Fields::x_forwarded) {
  return client_origin({peer, false}, given, proxies(fields), "", "localhost:80");
}

AccessSettings usual() {
  return {std::vector{IpNetwork::parse("127.0.0.0/8"), IpNetwork::parse("192.168.0.0/16")},
          {"pacs.example"},
          {"https://viewer.example"}};
}

/// 200 if it may pass.
unsigned status(const ClientOrigin& from, const RequestHead& request) {
  try {
    Access(usual()).admit(from, request, request.path, "studies.read");
    return 200;
  } catch (const Problem& problem) {
    return problem.status();
  }
}
unsigned status(const RequestHead& request, const char* peer = "127.0.0.1") {
  return status(client_origin({peer, false}, request, {}, "", "localhost:80"), request);
}

}  // namespace

TEST_CASE("without a proxy, the peer is the client") {
  const auto plain = client_origin({"192.0.2.1", false}, head({}), {}, "/pacs", "localhost:80");
  CHECK(plain.address == "192.0.2.1");
  CHECK(plain.base_url == "http://archive:8080/pacs");
  CHECK_FALSE(plain.unknown);
  CHECK(client_origin({"::1", true}, head({}, "GET", ""), {}, "", "localhost:80").base_url == "https://localhost:80");
}

TEST_CASE("a trusted proxy tells for whom it asks and how it was called") {
  const auto o = origin(head({{"X-Forwarded-For", "192.0.2.9"},
                              {"X-Forwarded-Proto", "https"},
                              {"X-Forwarded-Host", "pacs.example"},
                              {"X-Forwarded-Prefix", "/archive/"}}));
  CHECK(o.address == "192.0.2.9");
  CHECK(o.base_url == "https://pacs.example/archive");
  CHECK(o.through_proxy);
  CHECK_FALSE(o.unknown);
}

TEST_CASE("of several proxies, the last one that is not trusted is the client") {
  CHECK(origin(head({{"X-Forwarded-For", "1.1.1.1, 192.0.2.9, 10.0.0.7"}})).address == "192.0.2.9");
  CHECK(origin(head({{"X-Forwarded-For", "127.0.0.1, 192.0.2.9"}})).address == "192.0.2.9");
  CHECK(origin(head({{"X-Forwarded-For", "10.0.0.3, 10.0.0.7"}})).address == "10.0.0.3");
  CHECK(origin(head({{"X-Forwarded-For", "2001:db8::1"}})).address == "2001:db8::1");
  CHECK(origin(head({{"X-Forwarded-For", "192.0.2.9:4711"}})).address == "192.0.2.9");
}

TEST_CASE("the host and scheme that a client made up are not those of its proxy") {
  const auto o = origin(head({{"X-Forwarded-For", "192.0.2.9"},
                              {"X-Forwarded-Proto", "javascript, https"},
                              {"X-Forwarded-Host", "evil.example, pacs.example"}}));
  CHECK(o.base_url == "https://pacs.example");
  CHECK(origin(head({{"X-Forwarded-For", "192.0.2.9"}, {"X-Forwarded-Host", "a\"b"}, {"X-Forwarded-Proto", "ftp"}}))
            .base_url == "http://archive:8080");
  CHECK(origin(head({{"X-Forwarded-For", "192.0.2.9"}, {"X-Forwarded-Prefix", "//evil"}})).base_url ==
        "http://archive:8080");
  CHECK(origin(head({{"X-Forwarded-For", "192.0.2.9"}, {"X-Forwarded-Prefix", "/a\"><b"}})).base_url ==
        "http://archive:8080");
}

TEST_CASE("the field Forwarded is read where that is configured, and only then") {
  const auto request =
      head({{"Forwarded", "for=192.0.2.9;proto=https;host=pacs.example, for=\"[2001:db8::17]:4711\";proto=HTTP"},
            {"X-Forwarded-For", "127.0.0.1"}});
  const auto o = origin(request, "10.0.0.1", ProxySettings::Fields::forwarded);
  CHECK(o.address == "2001:db8::17");
  CHECK(o.base_url == "http://archive:8080");
  CHECK(origin(request).address == "127.0.0.1");
  CHECK(origin(head({{"Forwarded", "FOR=192.0.2.9; Host=\"pacs.example:99\""}}), "10.0.0.1",
               ProxySettings::Fields::forwarded)
            .base_url == "http://pacs.example:99");
}

TEST_CASE("a client that its proxy hides is unknown") {
  CHECK(origin(head({{"X-Forwarded-For", "unknown"}})).unknown);
  CHECK(origin(head({{"X-Forwarded-For", "10.0.0.3, garbage, 10.0.0.7"}})).unknown);
  CHECK(origin(head({{"Forwarded", "for=_hidden"}}), "10.0.0.1", ProxySettings::Fields::forwarded).unknown);
  CHECK(origin(head({{"Forwarded", "proto=https"}}), "10.0.0.1", ProxySettings::Fields::forwarded).unknown);
}

TEST_CASE("a proxy that is not trusted is believed nothing, and makes its clients strangers") {
  for (const auto* field : {"X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via"}) {
    const auto request = head({{field, "127.0.0.1"}}, "GET", "localhost");
    const auto o = client_origin({"127.0.0.1", false}, request, {}, "", "localhost:80");
    CHECK(o.unknown);
    CHECK(o.address == "127.0.0.1");
    CHECK(o.base_url == "http://localhost");
    CHECK(status(o, request) == 401);
  }
}

TEST_CASE("who calls from an anonymous network needs no login") {
  const auto request = head({}, "GET", "127.0.0.1:8080");
  CHECK(status(request, "127.0.0.1") == 200);
  CHECK(status(request, "192.168.7.7") == 200);
  CHECK(status(request, "192.0.2.1") == 401);
  CHECK(status(request, "::1") == 401);
  CHECK(status(origin(head({{"X-Forwarded-For", "192.168.1.1"}})), request) == 200);
  CHECK(status(origin(head({{"X-Forwarded-For", "192.0.2.1"}})), request) == 401);
}

TEST_CASE("a name that a stranger has made up for the server opens nothing") {
  for (const auto* host : {"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "PACS.example", "10.1.1.1"})
    CHECK(status(head({}, "GET", host)) == 200);
  for (const auto* host :
       {"evil.example:8080", "localhost.evil.example", "pacs.example.evil", "127.0.0.1.evil.example"})
    CHECK(status(head({}, "GET", host)) == 403);
  CHECK(status(origin(head({{"X-Forwarded-For", "192.168.1.1"}, {"X-Forwarded-Host", "any.example"}})), head({})) ==
        200);
}

TEST_CASE("pages of other sites may not change anything") {
  const auto post = [](std::initializer_list<std::pair<const char*, const char*>> fields) {
    return status(head(fields, "POST", "localhost:8080"));
  };
  CHECK(post({}) == 200);
  CHECK(post({{"Origin", "http://localhost:8080"}}) == 200);
  CHECK(post({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://localhost:8080"}}) == 200);
  CHECK(post({{"Sec-Fetch-Site", "none"}}) == 200);
  CHECK(post({{"Origin", "https://viewer.example"}, {"Sec-Fetch-Site", "cross-site"}}) == 200);
  CHECK(post({{"Origin", "http://evil.example"}}) == 403);
  CHECK(post({{"Origin", "null"}}) == 403);
  CHECK(post({{"Origin", "http://localhost:3000"}}) == 403);
  CHECK(post({{"Sec-Fetch-Site", "cross-site"}}) == 403);
  CHECK(post({{"Sec-Fetch-Site", "same-site"}, {"Origin", "http://localhost:3000"}}) == 403);
  CHECK(status(head({{"Sec-Fetch-Site", "cross-site"}}, "GET", "localhost")) == 200);
}

TEST_CASE("pages of allowed sites may read answers, others are told nothing") {
  const Access access(usual());
  const Cors cors(access, true, false);
  const auto allowed = cors.of_answer(head({{"Origin", "https://viewer.example"}}));
  CHECK(allowed.get("Access-Control-Allow-Origin") == "https://viewer.example");
  CHECK(allowed.get("Vary") == "Origin");
  CHECK_FALSE(allowed.has("Access-Control-Allow-Credentials"));
  CHECK(cors.of_answer(head({{"Origin", "https://evil.example"}})).get("Access-Control-Allow-Origin").empty());
  CHECK(cors.of_answer(head({})).get("Vary") == "Origin");
  CHECK(Cors(access, true, true)
            .of_answer(head({{"Origin", "https://viewer.example"}}))
            .get("Access-Control-Allow-Credentials") == "true");
  const Access nobody(AccessSettings{});
  CHECK(Cors(nobody, false, false).of_answer(head({{"Origin", "https://viewer.example"}})).size() == 0);
}

TEST_CASE("a preflight names the methods and takes the fields that it asks for") {
  const Access access(usual());
  const Cors cors(access, true, false);
  const auto answer = cors.of_preflight(head({{"Origin", "https://viewer.example"},
                                              {"Access-Control-Request-Method", "POST"},
                                              {"Access-Control-Request-Headers", "content-type, x-a, b@d"}},
                                             "OPTIONS"),
                                        "GET, POST");
  CHECK(answer.get("Access-Control-Allow-Methods") == "GET, POST");
  CHECK(answer.get("Access-Control-Allow-Headers") == "content-type, x-a");
  CHECK(cors.of_preflight(head({{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}}), "GET")
            .size() == 0);
}
