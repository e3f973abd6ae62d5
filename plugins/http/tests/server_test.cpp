// The server over real connections.
#include "server.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "client.hpp"
#include "fermata/error.hpp"
#include "running_server.hpp"

using namespace fermata;
using namespace fermata::http;
using namespace std::chrono_literals;

TEST_CASE("a handler learns what was asked, and its answer arrives") {
  RunningServer server([](Settings& s) { s.prefix = "/pacs"; });
  server.on("GET", "/studies/{study}", [](HttpRequest& r, HttpResponse& a) {
    a.header("X-Told", std::string(r.method()) + "|" + std::string(r.path()) + "|" + std::string(r.query()) + "|" +
                           std::string(r.parameter("study")) + "|" + std::string(r.header("accept")) + "|" +
                           std::string(r.base_url()) + "|" + std::string(r.peer_address()) + "|" +
                           std::string(r.user()) + "|" + std::string(r.id()));
    say(a, "here");
  });
  server.serve();
  Client client(server.port());
  client.say(get("/pacs/studies/1%2F2?a=%20", "Accept: x\r\nAccept: y\r\nX-Request-Id: mine\r\n"));
  const auto answer = client.hear();
  CHECK(answer.status == 200);
  CHECK(answer.body == "here");
  CHECK(answer.fields.at("x-told") == "GET|/studies/1%2F2|a=%20|1/2|x, y|http://localhost/pacs|127.0.0.1||mine");
  CHECK(answer.fields.at("x-request-id") == "mine");
  CHECK(answer.fields.at("server").starts_with("Fermata/"));
  CHECK(answer.fields.at("date").ends_with(" GMT"));
  CHECK(answer.fields.at("x-content-type-options") == "nosniff");
  CHECK(answer.fields.at("referrer-policy") == "same-origin");
  CHECK(answer.fields.count("connection") == 0);
}

TEST_CASE("a connection serves one request after the other, also when they come at once") {
  RunningServer server;
  server.on("POST", "/echo", [](HttpRequest& r, HttpResponse& a) { say(a, body_of(r)); });
  server.on("GET", "/n/{n}", [](HttpRequest& r, HttpResponse& a) { say(a, r.parameter("n")); });
  server.serve();
  Client client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += get("/n/" + std::to_string(i)) + post("/echo", "body " + std::to_string(i)) +
           "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  client.say(all);
  for (int i = 0; i < 50; ++i) {
    REQUIRE(client.hear().body == std::to_string(i));
    REQUIRE(client.hear().body == "body " + std::to_string(i));
    REQUIRE(client.hear().body == "abc");
  }
}

TEST_CASE("bodies stream both ways at the same time") {
  RunningServer server;
  server.on("POST", "/echo", [](HttpRequest& r, HttpResponse& a) {
    std::vector<std::byte> buffer(10'000);
    while (const auto count = r.read(buffer)) {
      a.write(std::span(buffer).first(static_cast<std::size_t>(count)));
      a.flush();
    }
  });
  server.serve();
  Client client(server.port());
  client.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
  std::string heard;
  std::this_thread::sleep_for(50ms);
  client.say("def");
  const auto answer = client.hear();
  CHECK(answer.body == "abcdef");
  const std::string large(5'000'000, 'x');
  auto sent = std::async(std::launch::async, [&] { client.say(post("/echo", large)); });
  CHECK((client.hear().body == large));
  sent.get();
}

TEST_CASE("errors of a handler become problems, or cut the connection once the answer has begun") {
  RunningServer server;
  server.on("GET", "/missing", [](HttpRequest&, HttpResponse& a) {
    a.status(201);
    throw Error(Code::not_found, "there is no study 1.2");
  });
  server.on("GET", "/defect", [](HttpRequest&, HttpResponse&) { throw std::runtime_error("secret path"); });
  server.on("GET", "/half", [](HttpRequest&, HttpResponse& a) {
    say(a, std::string(300'000, 'x'));
    throw Error(Code::io, "the disk is gone");
  });
  server.serve();
  Client client(server.port());
  client.say(get("/missing"));
  const auto missing = client.hear();
  CHECK(missing.status == 404);
  CHECK(missing.fields.at("content-type") == "application/problem+json");
  CHECK(missing.body.find("there is no study 1.2") != std::string::npos);
  client.say(get("/defect"));
  const auto defect = client.hear();
  CHECK(defect.status == 500);
  CHECK(defect.body.find("secret") == std::string::npos);
  CHECK(server.log().find("reason=secret path") != std::string::npos);
  client.say(get("/half"));
  CHECK_FALSE(client.hear().complete);
  CHECK(server.log().find("the disk is gone") != std::string::npos);
}

TEST_CASE("a handler that gives up without its client's doing has failed") {
  RunningServer server;
  server.on("GET", "/", [](HttpRequest&, HttpResponse&) { throw Error(Code::cancelled, "something else ended"); });
  server.serve();
  Client client(server.port());
  client.say(get("/"));
  CHECK(client.hear().status == 500);
}

TEST_CASE("what a handler does after a client has all it wants does no harm") {
  RunningServer server;
  server.on("GET", "/", [](HttpRequest&, HttpResponse& a) {
    a.header("ETag", "\"1\"");
    try {
      say(a, "x");
    } catch (const Error&) {
      throw std::runtime_error("confused");
    }
  });
  server.serve();
  Client client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.say(get("/", "If-None-Match: \"1\"\r\n"));
    CHECK(client.hear().status == 304);
  }
}

TEST_CASE("paths and methods that nobody serves are told apart") {
  RunningServer server;
  server.on("GET", "/a/{b}", [](HttpRequest&, HttpResponse& a) { say(a, "x"); });
  server.on("DELETE", "/a/{b}", [](HttpRequest&, HttpResponse&) {});
  server.serve();
  Client client(server.port());
  client.say(get("/b"));
  CHECK(client.hear().status == 404);
  client.say("PUT /a/1 HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto other = client.hear();
  CHECK(other.status == 405);
  CHECK(other.fields.at("allow") == "DELETE, GET, HEAD, OPTIONS");
  client.say("OPTIONS /a/1 HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto options = client.hear();
  CHECK(options.status == 204);
  CHECK(options.fields.at("allow") == "DELETE, GET, HEAD, OPTIONS");
  client.say("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(client.hear().status == 204);
  client.say("HEAD /a/1 HTTP/1.1\r\nHost: h\r\n\r\n" + get("/a/1"));
  CHECK(client.hear(true).status == 200);
  CHECK(client.hear().body == "x");
  client.say(get("/a/%2e%2e"));
  CHECK(client.hear().status == 400);
}

TEST_CASE("a route with a permission is open to anonymous networks only") {
  RunningServer server([](Settings& s) { s.access.anonymous_networks = {IpNetwork::parse("10.0.0.0/8")}; });
  server.on(
      "GET", "/private", [](HttpRequest&, HttpResponse& a) { say(a, "x"); }, "studies.read");
  server.on("GET", "/public", [](HttpRequest&, HttpResponse& a) { say(a, "x"); });
  server.serve();
  Client client(server.port());
  client.say(get("/private"));
  const auto answer = client.hear();
  CHECK(answer.status == 401);
  CHECK(answer.fields.count("www-authenticate") == 1);
  CHECK(answer.body.find("anonymous_networks") != std::string::npos);
  client.say(get("/public"));
  CHECK(client.hear().status == 200);
  CHECK(server.counted("refused_permissions_total") == 1);
}

TEST_CASE("an unknown proxy is told of once") {
  RunningServer server;
  server.on(
      "GET", "/private", [](HttpRequest&, HttpResponse& a) { say(a, "x"); }, "studies.read");
  server.serve();
  Client client(server.port());
  client.say(get("/private"));
  CHECK(client.hear().status == 200);
  for (int i = 0; i < 3; ++i) {
    client.say(get("/private", "X-Forwarded-For: 127.0.0.1\r\n"));
    CHECK(client.hear().status == 401);
  }
  const auto log = server.log();
  const auto first = log.find("trusted_proxies");
  CHECK(first != std::string::npos);
  CHECK(log.find("trusted_proxies", first + 1) == std::string::npos);
}

TEST_CASE("the access log has no queries") {
  RunningServer server;
  server.on("GET", "/studies", [](HttpRequest&, HttpResponse& a) { say(a, "12345"); });
  server.serve();
  Client client(server.port());
  client.say(get("/studies?PatientName=DOE", "X-Request-Id: r1\r\n"));
  client.hear();
  client.say(get("/nowhere"));
  client.hear();
  server.server().drain(5s);  // a line is written after its answer
  const auto log = server.log();
  CHECK(log.find("request method=GET path=/studies status=200 bytes=5 milliseconds=") != std::string::npos);
  CHECK(log.find(" peer=127.0.0.1 id=r1 user=") != std::string::npos);
  CHECK(log.find("status=404") != std::string::npos);
}

TEST_CASE("a large body is refused before or while it is read, and the client gets to know") {
  RunningServer server([](Settings& s) { s.limits.body = 1'000'000; });
  std::atomic<bool> called{false};
  server.on("POST", "/count", [&](HttpRequest& r, HttpResponse& a) {
    called = true;
    say(a, std::to_string(body_of(r).size()));
  });
  server.serve();
  {
    Client client(server.port());
    client.say("POST /count HTTP/1.1\r\nHost: h\r\nContent-Length: 1000001\r\nExpect: 100-continue\r\n\r\n");
    const auto answer = client.hear();
    CHECK(answer.status == 413);
    CHECK(answer.fields.at("connection") == "close");
    CHECK(client.is_closed());
    CHECK_FALSE(called);
  }
  {
    Client client(server.port());
    client.say("POST /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 40 && client.say("186a0\r\n" + std::string(100'000, 'x') + "\r\n"); ++i) {
    }
    client.say("0\r\n\r\n");
    CHECK(client.hear().status == 413);
  }
  Client client(server.port());
  client.say(post("/count", std::string(1'000'000, 'x')));
  CHECK(client.hear().body == "1000000");
}

TEST_CASE("a client that waits is told to go on") {
  RunningServer server;
  server.on("POST", "/echo", [](HttpRequest& r, HttpResponse& a) { say(a, body_of(r)); });
  server.on("POST", "/no", [](HttpRequest&, HttpResponse&) { throw Error(Code::refused, "not you"); });
  server.serve();
  Client client(server.port());
  client.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  const auto interim = client.hear(true);
  CHECK(interim.status == 100);
  client.say("hello");
  CHECK(client.hear().body == "hello");
  client.say("POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  const auto refused = client.hear();
  CHECK(refused.status == 403);
  CHECK(refused.fields.at("connection") == "close");
  CHECK(client.is_closed());
}

TEST_CASE("an empty line before a request belongs to none") {
  RunningServer server;
  server.on("GET", "/n/{n}", [](HttpRequest& r, HttpResponse& a) { say(a, r.parameter("n")); });
  server.serve();
  Client client(server.port());
  client.say("\r\n" + get("/n/1") + "\r\n" + get("/n/2") + "\r");
  CHECK(client.hear().body == "1");
  CHECK(client.hear().body == "2");
  client.say("\n" + get("/n/3"));
  CHECK(client.hear().body == "3");
}

TEST_CASE("an answer says that the connection ends where the rest of its request has no way to the next one") {
  RunningServer server;
  server.on("POST", "/no", [](HttpRequest&, HttpResponse& a) { say(a, "no"); });
  server.on("POST", "/echo", [](HttpRequest& r, HttpResponse& a) { say(a, body_of(r)); });
  server.serve();
  for (const std::string request :
       {"POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
        "POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"}) {
    INFO(request);
    Client client(server.port());
    client.say(request);
    CHECK(client.hear().fields.at("connection") == "close");
    CHECK(client.is_closed());
  }
}

TEST_CASE("what a handler does not read of a request is not taken for the next one") {
  RunningServer server;
  server.on("POST", "/no", [](HttpRequest&, HttpResponse& a) { say(a, "no"); });
  server.on("GET", "/evil", [](HttpRequest&, HttpResponse& a) { say(a, "evil"); });
  server.serve();
  Client client(server.port());
  client.say(post("/no", get("/evil")) + get("/nowhere"));
  CHECK(client.hear().body == "no");
  CHECK(client.hear().status == 404);
  Client large(server.port());
  large.say("POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n" + get("/evil"));
  CHECK(large.hear().body == "no");
  CHECK(large.rest().empty());
}

TEST_CASE("more connections than allowed are told so") {
  RunningServer server([](Settings& s) { s.limits.connections = 3; });
  server.on("GET", "/", [](HttpRequest&, HttpResponse& a) { say(a, "x"); });
  server.serve();
  Client a(server.port()), b(server.port()), c(server.port());
  for (auto* client : {&a, &b, &c}) {
    client->say(get("/"));
    CHECK(client->hear().status == 200);
  }
  Client d(server.port());
  d.say(get("/"));
  const auto answer = d.hear();
  CHECK(answer.status == 503);
  CHECK(answer.fields.at("retry-after") == "10");
  CHECK(server.counted("refused_connections_total") == 1);
}

TEST_CASE("more connections of one address than allowed are told so") {
  RunningServer server([](Settings& s) { s.limits.connections_per_address = 2; });
  server.on("GET", "/", [](HttpRequest&, HttpResponse& a) { say(a, "x"); });
  server.serve();
  auto a = std::make_unique<Client>(server.port());
  Client b(server.port());
  for (auto* client : {a.get(), &b}) {
    client->say(get("/"));
    CHECK(client->hear().status == 200);
  }
  {
    Client c(server.port());
    CHECK(c.hear().status == 429);
  }
  a.reset();
  for (int i = 0; i < 100; ++i) {
    Client c(server.port());
    c.say(get("/"));
    if (c.hear().status == 200) return;
    std::this_thread::sleep_for(20ms);
  }
  FAIL("a connection that ended still counts");
}

TEST_CASE("a trusted proxy may have more connections than one client") {
  RunningServer server([](Settings& s) {
    s.limits.connections_per_address = 1;
    s.proxies.trusted = {IpNetwork::parse("127.0.0.1")};
  });
  server.on("GET", "/", [](HttpRequest& r, HttpResponse& a) { say(a, r.peer_address()); });
  server.serve();
  Client a(server.port()), b(server.port());
  for (auto* client : {&a, &b}) {
    client->say(get("/", "X-Forwarded-For: 192.0.2.7\r\n"));
    CHECK(client->hear().body == "192.0.2.7");
  }
}

TEST_CASE("when all workers are busy, requests wait; beyond that they are told to come back, and the keepers are not") {
  RunningServer server([](Settings& s) {
    s.limits.workers = 1;
    s.limits.queue = 1;
  });
  std::promise<void> go;
  const auto gate = go.get_future().share();
  std::atomic<int> running{0};
  server.on("GET", "/slow", [&](HttpRequest&, HttpResponse& a) {
    ++running;
    gate.wait();
    say(a, "done");
  });
  server.on("GET", "/healthz", [](HttpRequest&, HttpResponse& a) { say(a, "ok"); });
  server.serve();
  Client first(server.port());
  first.say(get("/slow"));
  while (running == 0) std::this_thread::yield();
  Client second(server.port());
  second.say(get("/slow"));
  std::this_thread::sleep_for(50ms);
  Client third(server.port());
  third.say(get("/slow"));
  const auto refused = third.hear();
  CHECK(refused.status == 503);
  CHECK(refused.fields.at("retry-after") == "2");
  Client keeper(server.port());
  keeper.say(get("/healthz"));
  CHECK(keeper.hear().body == "ok");
  go.set_value();
  CHECK(first.hear().body == "done");
  CHECK(second.hear().body == "done");
}

TEST_CASE("a client that goes away ends its handler at the next write") {
  RunningServer server;
  std::promise<Code> ended;
  server.on("GET", "/endless", [&](HttpRequest&, HttpResponse& a) {
    try {
      for (;;) say(a, std::string(100'000, 'x'));
    } catch (const Error& e) {
      ended.set_value(e.code());
      throw;
    }
  });
  server.serve();
  {
    Client client(server.port());
    client.say(get("/endless"));
    std::this_thread::sleep_for(50ms);
  }
  CHECK(ended.get_future().get() == Code::cancelled);
}

TEST_CASE("draining lets requests finish, closes idle connections and accepts nothing more") {
  RunningServer server;
  std::promise<void> go;
  const auto gate = go.get_future().share();
  std::atomic<bool> running{false};
  server.on("GET", "/slow", [&](HttpRequest&, HttpResponse& a) {
    running = true;
    gate.wait();
    say(a, "done");
  });
  server.on("GET", "/", [](HttpRequest&, HttpResponse& a) { say(a, "x"); });
  server.serve();
  Client idle(server.port());
  idle.say(get("/"));
  idle.hear();
  Client busy(server.port());
  busy.say(get("/slow"));
  while (!running) std::this_thread::yield();
  auto drained = std::async(std::launch::async, [&] { server.server().drain(10s); });
  CHECK(idle.is_closed());
  CHECK(drained.wait_for(100ms) == std::future_status::timeout);
  CHECK_THROWS(Client(server.port()));
  go.set_value();
  CHECK(busy.hear().body == "done");
  CHECK(busy.is_closed());
  CHECK(drained.wait_for(5s) == std::future_status::ready);
}

TEST_CASE("what has not finished when time is up is cut off, and its handler ends") {
  RunningServer server;
  std::atomic<bool> running{false};
  std::atomic<bool> ended{false};
  server.on("GET", "/endless", [&](HttpRequest&, HttpResponse& a) {
    running = true;
    try {
      for (;;) {
        say(a, "x");
        a.flush();
        std::this_thread::sleep_for(1ms);
      }
    } catch (const Error&) {
      ended = true;
      throw;
    }
  });
  server.serve();
  Client client(server.port());
  client.say(get("/endless"));
  while (!running) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  server.server().drain(300ms);
  CHECK(ended);
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
  CHECK_FALSE(client.hear().complete);
}

TEST_CASE("a port that is taken, and an address that is none, are told") {
  RunningServer first;
  CHECK_THROWS_WITH(RunningServer([&](Settings& s) { s.port = first.port(); }),
                    Catch::Contains("can't listen on 127.0.0.1"));
  CHECK_THROWS_WITH(RunningServer([](Settings& s) { s.bind = "nowhere.invalid"; }),
                    Catch::Contains("`bind` is nowhere.invalid"));
}

TEST_CASE("IPv6 and IPv4 reach a server on ::") {
  RunningServer server([](Settings& s) { s.bind = "::"; });
  server.on("GET", "/", [](HttpRequest& r, HttpResponse& a) { say(a, r.peer_address()); });
  server.serve();
  Client client(server.port());
  client.say(get("/"));
  CHECK(client.hear().body == "127.0.0.1");
}

TEST_CASE("what changes something is not done unless what is there is as the client believes") {
  RunningServer server;
  std::atomic<int> deleted{0};
  server.on("GET", "/thing", [](HttpRequest& r, HttpResponse& a) {
    CHECK(r.method() == "GET");
    CHECK(r.header("if-match").empty());
    a.header("ETag", "\"v1\"");
    say(a, std::string(100'000, 'x'));
  });
  server.on("GET", "/gone", [](HttpRequest&, HttpResponse&) { throw Error(Code::not_found, "it is gone"); });
  server.on("GET", "/plain", [](HttpRequest&, HttpResponse& a) { say(a, "no tag"); });
  for (const auto* path : {"/thing", "/gone", "/plain", "/only"})
    server.on("DELETE", path, [&](HttpRequest&, HttpResponse& a) {
      ++deleted;
      a.status(204);
    });
  server.serve();
  Client client(server.port());
  const auto status = [&](const std::string& path, const std::string& field) {
    const int before = deleted;
    client.say("DELETE " + path + " HTTP/1.1\r\nHost: h\r\n" + field + "\r\n");
    const auto answer = client.hear();
    CHECK((deleted != before) == (answer.status == 204));
    return answer.status;
  };
  CHECK(status("/thing", "") == 204);
  CHECK(status("/thing", "If-Match: \"v1\"\r\n") == 204);
  CHECK(status("/thing", "If-Match: \"v0\", \"v1\"\r\n") == 204);
  CHECK(status("/thing", "If-Match: *\r\n") == 204);
  CHECK(status("/thing", "If-Match: \"v0\"\r\n") == 412);
  CHECK(status("/thing", "If-None-Match: *\r\n") == 412);
  CHECK(status("/thing", "If-None-Match: \"v0\"\r\n") == 204);
  CHECK(status("/gone", "If-Match: *\r\n") == 412);
  CHECK(status("/gone", "If-None-Match: *\r\n") == 204);
  CHECK(status("/plain", "If-Match: \"v1\"\r\n") == 412);
  CHECK(status("/plain", "If-Match: *\r\n") == 204);
  CHECK(status("/only", "If-Match: \"v1\"\r\n") == 412);
}
