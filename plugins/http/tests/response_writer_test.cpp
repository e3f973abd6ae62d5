#include "response_writer.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <functional>

#include "answer.hpp"
#include "fermata/error.hpp"

using namespace fermata;
using namespace fermata::http;

namespace {

constexpr auto kMiB = std::size_t{1024} * 1024;

Bytes bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// A request, and what a handler makes of it.
struct Scene {
  RequestHead request;
  KeptSink sink;
  ResponseRules rules;
  std::unique_ptr<ResponseWriter> response;
  Code failure{0};

  explicit Scene(const char* method = "GET") { request.method = method; }
  Scene& with(const char* name, const char* value) {
    request.fields.add(name, value);
    return *this;
  }
  Answer run(const std::function<void(HttpResponse&)>& handler) {
    response = std::make_unique<ResponseWriter>(request, rules, sink);
    try {
      handler(*response);
      response->finish();
    } catch (const Error& e) {
      failure = e.code();
    }
    return Answer(sink.text, request.method == "HEAD");
  }
};

/// A file of a thousand bytes, as a handler of static files answers.
void thousand(HttpResponse& response) {
  response.header("Content-Type", "image/png");
  response.header("Content-Length", "1000");
  response.header("Accept-Ranges", "bytes");
  response.header("ETag", "\"v1\"");
  for (int i = 0; i < 10; ++i) response.write(bytes(std::string(100, static_cast<char>('0' + i))));
}

std::string gunzip(std::string packed) {
  z_stream stream{};
  inflateInit2(&stream, MAX_WBITS + 16);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out(20 * kMiB, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  CHECK(code == Z_STREAM_END);
  return out;
}

}  // namespace

TEST_CASE("an answer that fits has its length, and leaves in one piece") {
  Scene scene;
  const auto answer = scene.run([](HttpResponse& r) {
    r.status(201);
    r.header("X-A", "1");
    r.header("x-a", "2");
    for (int i = 0; i < 100; ++i) r.write(bytes("0123456789"));
  });
  CHECK(answer.status == 201);
  CHECK(answer.fields.at("x-a") == "2");
  CHECK(answer.fields.at("content-length") == "1000");
  CHECK(answer.body.size() == 1000);
  CHECK(scene.sink.writes.size() == 1);
  CHECK(scene.response->keep_alive());
}

TEST_CASE("nothing at all is an answer, too") {
  Scene scene;
  const auto answer = scene.run([](HttpResponse&) {});
  CHECK(answer.status == 200);
  CHECK(answer.fields.at("content-length") == "0");
}

TEST_CASE("a large answer is sent in chunks of the size it is written in") {
  Scene scene;
  const auto answer = scene.run([](HttpResponse& r) {
    for (int i = 0; i < 10; ++i) r.write(bytes(std::string(kMiB, 'x')));
    r.write(bytes("end"));
  });
  CHECK(answer.fields.at("transfer-encoding") == "chunked");
  CHECK(answer.complete);
  CHECK(answer.body.size() == 10 * kMiB + 3);
  CHECK(answer.body.ends_with("xend"));
  CHECK(scene.sink.writes.size() == 11);
}

TEST_CASE("many small writes become few large ones") {
  Scene scene;
  const auto answer = scene.run([](HttpResponse& r) {
    for (int i = 0; i < 100'000; ++i) r.write(bytes("0123456789"));
  });
  CHECK(answer.complete);
  CHECK(answer.body.size() == 1'000'000);
  CHECK(scene.sink.writes.size() < 10);
}

TEST_CASE("what is flushed goes out at once") {
  Scene scene;
  const auto answer = scene.run([&](HttpResponse& r) {
    r.write(bytes("first"));
    CHECK(scene.sink.text.empty());
    r.flush();
    CHECK(scene.sink.text.ends_with("5\r\nfirst\r\n"));
    r.write(bytes("second"));
  });
  CHECK(answer.complete);
  CHECK(answer.body == "firstsecond");
}

TEST_CASE("HTTP/1.0 gets a large answer up to the end of the connection") {
  Scene scene;
  scene.request.http_1_1 = false;
  const auto answer = scene.run([](HttpResponse& r) { r.write(bytes(std::string(kMiB, 'x'))); });
  CHECK(answer.fields.count("transfer-encoding") == 0);
  CHECK(answer.fields.at("connection") == "close");
  CHECK(answer.body.size() == kMiB);
  CHECK_FALSE(scene.response->keep_alive());
}

TEST_CASE("a length that the handler knows is kept") {
  Scene scene;
  const auto answer = scene.run(thousand);
  CHECK(answer.fields.at("content-length") == "1000");
  CHECK(answer.fields.at("accept-ranges") == "bytes");
  CHECK(answer.body.size() == 1000);
}

TEST_CASE("a handler that breaks its word about the length is found out") {
  Scene shorter;
  shorter.run([](HttpResponse& r) {
    r.header("Content-Length", "10");
    r.write(bytes("123"));
  });
  CHECK(shorter.failure == Code::internal);
  CHECK_FALSE(shorter.response->sent());
  Scene longer;
  longer.run([](HttpResponse& r) {
    r.header("Content-Length", "2");
    r.write(bytes("123"));
  });
  CHECK(longer.failure == Code::internal);
}

TEST_CASE("HEAD gets the head of what GET gets") {
  Scene scene("HEAD");
  const auto answer = scene.run(thousand);
  CHECK(answer.status == 200);
  CHECK(answer.fields.at("content-length") == "1000");
  CHECK(answer.rest.empty());
  CHECK(scene.failure == Code::cancelled);
  CHECK(scene.response->unwanted());
  CHECK(Scene("HEAD").run([](HttpResponse&) {}).fields.at("content-length") == "0");
}

TEST_CASE("a client that has the answer is told so, without a body") {
  Scene scene;
  const auto answer = scene.with("If-None-Match", "\"v1\"").run(thousand);
  CHECK(answer.status == 304);
  CHECK(answer.fields.at("etag") == "\"v1\"");
  CHECK(answer.fields.count("content-type") == 0);
  CHECK(answer.fields.count("content-length") == 0);
  CHECK(answer.rest.empty());
  CHECK(Scene().with("If-None-Match", "\"v2\"").run(thousand).status == 200);
  CHECK(Scene("POST").with("If-None-Match", "\"v1\"").run(thousand).status == 200);
}

TEST_CASE("a range is cut out of what the handler writes") {
  Scene scene;
  const auto answer = scene.with("Range", "bytes=250-349").run(thousand);
  CHECK(answer.status == 206);
  CHECK(answer.fields.at("content-range") == "bytes 250-349/1000");
  CHECK(answer.fields.at("content-length") == "100");
  CHECK(answer.body == std::string(50, '2') + std::string(50, '3'));
  CHECK(scene.failure == Code::cancelled);
  CHECK(scene.response->unwanted());
  CHECK(Scene().with("Range", "bytes=990-").run(thousand).body == std::string(10, '9'));
  CHECK(Scene().with("Range", "bytes=0-9").run(thousand).body == std::string(10, '0'));
  CHECK(Scene().with("Range", "bytes=0-9").with("If-Range", "\"v0\"").run(thousand).status == 200);
}

TEST_CASE("a range that is not there is answered with 416") {
  Scene scene;
  const auto answer = scene.with("Range", "bytes=1000-").run(thousand);
  CHECK(answer.status == 416);
  CHECK(answer.fields.at("content-range") == "bytes */1000");
  CHECK(answer.body.empty());
}

TEST_CASE("whoever wants another version than there is gets 412") {
  Scene scene;
  const auto answer = scene.with("If-Match", "\"v2\", \"v3\"").run(thousand);
  CHECK(answer.status == 412);
  CHECK(answer.fields.at("content-length") == "0");
  CHECK(answer.body.empty());
  CHECK(scene.failure == Code::cancelled);
  CHECK(Scene("HEAD").with("If-Match", "\"v2\"").run(thousand).status == 412);
  CHECK(Scene().with("If-Match", "\"v2\", \"v1\"").run(thousand).status == 200);
  CHECK(Scene().with("If-Match", "\"v1\"").with("Range", "bytes=0-9").run(thousand).status == 206);
}

TEST_CASE("ranges are only for those handlers that offer them") {
  const auto answer = Scene().with("Range", "bytes=0-0").run([](HttpResponse& r) {
    r.header("Content-Length", "3");
    r.write(bytes("123"));
  });
  CHECK(answer.status == 200);
  CHECK(answer.body == "123");
}

TEST_CASE("text is compressed for those who accept it") {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i * 7919) + ",";
  const auto handler = [&](HttpResponse& r) {
    r.header("Content-Type", "application/dicom+json");
    r.header("Content-Length", std::to_string(text.size()));
    r.header("ETag", "\"v1\"");
    for (std::size_t i = 0; i < text.size(); i += 1000) r.write(bytes(std::string_view(text).substr(i, 1000)));
  };
  const auto answer = Scene().with("Accept-Encoding", "gzip, br").run(handler);
  CHECK(answer.fields.at("content-encoding") == "gzip");
  CHECK(answer.fields.at("vary") == "Accept-Encoding");
  CHECK(answer.fields.at("etag") == "W/\"v1\"");
  CHECK(answer.fields.at("transfer-encoding") == "chunked");
  CHECK(answer.complete);
  CHECK(gunzip(answer.body) == text);

  const auto plain = Scene().run(handler);
  CHECK(plain.fields.count("content-encoding") == 0);
  CHECK(plain.fields.at("vary") == "Accept-Encoding");
  CHECK(plain.fields.at("etag") == "\"v1\"");
  CHECK(plain.body == text);
  CHECK(Scene().with("If-None-Match", "W/\"v1\"").run(handler).fields.at("vary") == "Accept-Encoding");
  Scene off;
  off.rules.compress = false;
  CHECK(off.with("Accept-Encoding", "gzip").run(handler).fields.count("content-encoding") == 0);
}

TEST_CASE("compressed text that fits has its length, and what is tiny stays as it is") {
  const auto handler = [](std::size_t size) {
    return [size](HttpResponse& r) {
      r.header("Content-Type", "text/plain");
      r.write(bytes(std::string(size, 'x')));
    };
  };
  const auto small = Scene().with("Accept-Encoding", "gzip").run(handler(5000));
  CHECK(small.fields.at("content-encoding") == "gzip");
  CHECK(std::stoi(small.fields.at("content-length")) < 100);
  CHECK(gunzip(small.body) == std::string(5000, 'x'));
  CHECK(Scene().with("Accept-Encoding", "gzip").run(handler(500)).fields.count("content-encoding") == 0);
}

TEST_CASE("compressed text can be flushed") {
  Scene scene;
  const auto answer = scene.with("Accept-Encoding", "gzip").run([&](HttpResponse& r) {
    r.header("Content-Type", "text/plain");
    r.write(bytes("first"));
    r.flush();
    CHECK(scene.sink.writes.size() == 1);
    r.write(bytes("second"));
  });
  CHECK(gunzip(answer.body) == "firstsecond");
}

TEST_CASE("images, encoded answers and parts are not compressed") {
  for (const auto& [name, value] : {std::pair("Content-Type", "image/png"), std::pair("Content-Encoding", "br"),
                                    std::pair("Cache-Control", "no-transform")}) {
    const auto answer = Scene().with("Accept-Encoding", "gzip").run([&, n = name, v = value](HttpResponse& r) {
      r.header("Content-Type", "text/plain");
      r.header(n, v);
      r.write(bytes(std::string(5000, 'x')));
    });
    CHECK(answer.body.size() == 5000);
  }
  const auto varies = Scene().with("Accept-Encoding", "br").run([](HttpResponse& r) {
    r.header("Content-Type", "text/plain");
    r.header("Vary", "Accept-Encoding");
    r.write(bytes(std::string(5000, 'x')));
  });
  CHECK(varies.fields.at("vary") == "Accept-Encoding");
  const auto part = Scene().with("Accept-Encoding", "gzip").with("Range", "bytes=0-1999").run([](HttpResponse& r) {
    r.header("Content-Type", "text/plain");
    r.header("Accept-Ranges", "bytes");
    r.header("Content-Length", "5000");
    r.write(bytes(std::string(5000, 'x')));
  });
  CHECK(part.status == 206);
  CHECK(part.body.size() == 2000);
}

TEST_CASE("a handler can't break the message") {
  for (const auto& [name, value] :
       {std::pair("A b", "x"), std::pair("", "x"), std::pair("A", "x\r\nSet-Cookie: y"), std::pair("Connection", "x"),
        std::pair("Transfer-Encoding", "x"), std::pair("Content-Length", "many")}) {
    Scene scene;
    scene.run([&, n = name, v = value](HttpResponse& r) {
      r.header(n, v);
      r.write(bytes("x"));
    });
    CHECK(scene.failure == Code::internal);
  }
  Scene late;
  late.run([](HttpResponse& r) {
    r.write(bytes("x"));
    r.header("A", "b");
  });
  CHECK(late.failure == Code::internal);
  Scene number;
  number.run([](HttpResponse& r) { r.status(99); });
  CHECK(number.failure == Code::internal);
  Scene no_content;
  no_content.run([](HttpResponse& r) {
    r.status(204);
    r.write(bytes("x"));
  });
  CHECK(no_content.failure == Code::internal);
}

TEST_CASE("some fields stand several times, and a handler's win over the server's") {
  Scene scene;
  scene.rules.standing.append("Referrer-Policy", "same-origin");
  const auto answer = scene.run([](HttpResponse& r) {
    r.header("Set-Cookie", "a=1");
    r.header("Set-Cookie", "b=2");
    r.header("Referrer-Policy", "no-referrer");
  });
  CHECK(answer.fields.at("set-cookie") == "a=1, b=2");
  CHECK(answer.fields.at("referrer-policy") == "no-referrer");
}

TEST_CASE("a problem takes the place of what was not sent") {
  Scene scene;
  scene.request.fields.add("Accept-Encoding", "gzip");
  ResponseWriter response(scene.request, {}, scene.sink);
  response.status(201);
  response.header("Content-Type", "application/dicom+json");
  response.header("Content-Length", "100000");
  response.header("Location", "/x");
  response.answer(Problem(404, "no such study"), "id-1");
  const Answer answer(scene.sink.text);
  CHECK(answer.status == 404);
  CHECK(answer.fields.count("location") == 0);
  CHECK(answer.fields.at("content-type") == "application/problem+json");
  CHECK(answer.fields.at("cache-control") == "no-store");
  CHECK(answer.body.find("no such study") != std::string::npos);
  CHECK(answer.complete);
}
