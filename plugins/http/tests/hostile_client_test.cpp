// Clients that are slow, wrong or mean.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <random>
#include <thread>

#include "client.hpp"
#include "fermata/error.hpp"
#include "running_server.hpp"

using namespace fermata;
using namespace fermata::http;
using namespace std::chrono_literals;

namespace {

/// A server that echoes, and says "yes" at /.
struct Scene : RunningServer {
  explicit Scene(const std::function<void(Settings&)>& change = [](Settings&) {}) : RunningServer(change) {
    on("POST", "/echo", [](HttpRequest& r, HttpResponse& a) { http::say(a, body_of(r)); });
    on("GET", "/", [](HttpRequest&, HttpResponse& a) { http::say(a, "yes"); });
    on("GET", "/large", [this](HttpRequest&, HttpResponse& a) {
      try {
        for (int i = 0; i < 1000; ++i) http::say(a, std::string(1'000'000, 'x'));
      } catch (const Error& e) {
        if (e.code() == Code::cancelled) ++cancelled;
        throw;
      }
    });
    serve();
  }
  bool is_well() {
    Client client(port());
    client.say(get("/"));
    return client.hear().body == "yes";
  }
  int status_of(const std::string& text) {
    Client client(port());
    client.say(text);
    client.end();
    return client.hear().status;
  }
  std::atomic<int> cancelled{0};
};

std::chrono::milliseconds time_of(const std::function<void()>& what) {
  const auto begin = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

}  // namespace

TEST_CASE("garbage is answered with 400, and the server goes on") {
  Scene scene;
  std::mt19937 random(7);
  for (int i = 0; i < 200; ++i) {
    std::string garbage(random() % 500, '\0');
    for (auto& c : garbage) c = static_cast<char>(random());
    const auto status = scene.status_of(garbage + "\r\n\r\n");
    REQUIRE((status == 400 || status == 505));
  }
  CHECK(scene.status_of(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)) == 400);
  CHECK(scene.is_well());
}

TEST_CASE("requests of mutated bytes never break the server") {
  Scene scene;
  std::mt19937 random(11);
  const auto good =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nAccept: */*\r\n\r\n"
      "5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n" +
      get("/?a=b");
  for (int i = 0; i < 500; ++i) {
    auto text = good;
    for (unsigned n = random() % 4 + 1; n > 0; --n) text[random() % text.size()] = static_cast<char>(random());
    Client client(scene.port());
    client.say(text);
    client.end();
    client.rest();
  }
  CHECK(scene.is_well());
}

TEST_CASE("a request that could be smuggled past a proxy ends the connection") {
  Scene scene;
  for (const std::string fields :
       {"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
        "Content-Length: 6\r\nContent-Length: 5\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "Transfer-Encoding : chunked\r\n",
        "A: b\r\n Transfer-Encoding: chunked\r\n", "Content-Length: +6\r\n"}) {
    INFO(fields);
    Client client(scene.port());
    client.say("POST /echo HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n0\r\n\r\n" + get("/"));
    const auto answer = client.hear();
    CHECK((answer.status == 400 || answer.status == 501));
    CHECK(answer.fields.at("connection") == "close");
    CHECK(client.is_closed());
  }
}

TEST_CASE("a head that is too large or has too long a first line is refused") {
  Scene scene([](Settings& s) { s.limits.head = 4096; });
  CHECK(scene.status_of("GET /" + std::string(5000, 'a')) == 414);
  CHECK(scene.status_of(get("/", "A: " + std::string(5000, 'a') + "\r\n")) == 431);
  CHECK(scene.status_of(get("/", "A: " + std::string(3900, 'a') + "\r\n")) == 200);
  CHECK(scene.is_well());
}

TEST_CASE("a head that does not arrive in time is answered with 408, and costs no worker") {
  Scene scene([](Settings& s) { s.limits.workers = 1; });
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 50; ++i) slow.emplace_back(std::make_unique<Client>(scene.port()))->say("GET / HTT");
  CHECK(scene.is_well());
  const auto took = time_of([&] { CHECK(slow.front()->hear().status == 408); });
  CHECK(took < 3s);
  CHECK(scene.counts("refused_requests_total", 50));
}

TEST_CASE("one byte after the other does not put the end of a head off") {
  Scene scene;
  Client client(scene.port());
  const auto took = time_of([&] {
    const auto text = get("/", "A: " + std::string(1000, 'a') + "\r\n");
    for (const char c : text) {
      if (!client.say(std::string_view(&c, 1))) break;
      std::this_thread::sleep_for(10ms);
      if (scene.counted("refused_requests_total") > 0) break;
    }
  });
  CHECK(took < 2s);
  CHECK(client.hear().status == 408);
}

TEST_CASE("who says nothing is let go without a word") {
  Scene scene;
  Client client(scene.port());
  const auto took = time_of([&] { CHECK(client.is_closed()); });
  CHECK(took > 200ms);
  CHECK(took < 3s);
  Client kept(scene.port());
  kept.say(get("/"));
  CHECK(kept.hear().status == 200);
  CHECK(time_of([&] { CHECK(kept.is_closed()); }) > 400ms);
}

TEST_CASE("a body that stops coming is answered with 408, and its handler ends") {
  Scene scene;
  Client client(scene.port());
  client.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc");
  const auto answer = client.hear();
  CHECK(answer.status == 408);
  CHECK(client.is_closed());
  CHECK(scene.counts("stalled_requests_total", 1));
}

TEST_CASE("a body that drips is too slow") {
  Scene scene([](Settings& s) { s.timeouts.stall_bytes = 1000; });
  Client client(scene.port());
  client.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
  const auto took = time_of([&] {
    for (int i = 0; i < 500 && scene.counted("stalled_requests_total") == 0; ++i) {
      client.say("x");
      std::this_thread::sleep_for(10ms);
    }
  });
  CHECK(took < 3s);
  CHECK(client.hear().status == 408);
}

TEST_CASE("a client that is slow but goes on is waited for") {
  Scene scene([](Settings& s) {
    s.timeouts.stall = 150ms;
    s.timeouts.stall_bytes = 2;
  });
  Client client(scene.port());
  client.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n");
  for (int i = 0; i < 100; ++i) {
    client.say("x");
    std::this_thread::sleep_for(10ms);
  }
  CHECK(client.hear().body == std::string(100, 'x'));
}

TEST_CASE("a body that ends too early is nobody's") {
  Scene scene;
  Client client(scene.port());
  client.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc");
  client.end();
  CHECK(client.rest().empty());
  CHECK(scene.is_well());
}

TEST_CASE("who takes nothing of an answer is cut off") {
  Scene scene;
  Client client(scene.port(), 4096);
  client.say(get("/large"));
  for (int i = 0; i < 500 && scene.cancelled == 0; ++i) std::this_thread::sleep_for(10ms);
  CHECK(scene.cancelled == 1);
  CHECK(scene.counts("stalled_requests_total", 1));
  CHECK_FALSE(client.hear().complete);
}

TEST_CASE("chunks of sizes that no body has are refused") {
  Scene scene([](Settings& s) { s.limits.body = 1'000'000; });
  const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(scene.status_of(head + "ffffffffffffffffff\r\nhello") == 400);
  CHECK(scene.status_of(head + "-5\r\nhello") == 400);
  CHECK(scene.status_of(head + "5\r\nhello!\r\n0\r\n\r\n") == 400);
  CHECK(scene.status_of(head + "7fffffffffffffff\r\n" + std::string(1'100'000, 'x')) == 413);
  CHECK(scene.is_well());
}

TEST_CASE("connections come and go while requests run") {
  Scene scene;
  std::vector<std::thread> threads;
  std::atomic<int> well{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&scene, &well, t] {
      for (int i = 0; i < 50; ++i) {
        Client client(scene.port());
        if (i % 3 == 0) {
          client.say(get("/large"));  // and away
        } else if (i % 3 == 1) {
          client.say("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n" +
                     std::string(static_cast<std::size_t>(t), 'x'));
        } else {
          client.say(get("/"));
          well += client.hear().body == "yes" ? 1 : 0;
        }
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(well == 4 * 16);
  CHECK(scene.is_well());
}
