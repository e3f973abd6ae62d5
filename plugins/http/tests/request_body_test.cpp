#include "request_body.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "answer.hpp"
#include "fermata/error.hpp"

using namespace fermata;
using namespace fermata::http;

namespace {

/// Gives a text in pieces of a size, then the end of the connection.
class GivenSource final : public Source {
 public:
  GivenSource(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  std::size_t read(std::span<std::byte> into) override {
    const auto count = std::min({into.size(), piece_, text_.size() - at_});
    std::memcpy(into.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::size_t given() const { return at_; }

 private:
  const std::string text_;
  const std::size_t piece_;
  std::size_t at_ = 0;
};

struct Scene {
  RequestHead head;
  InputBuffer received;
  KeptSink sink;
  GivenSource source;
  std::unique_ptr<RequestBody> body;

  Scene(const std::string& with_head, const std::string& later, std::size_t piece = SIZE_MAX) : source(later, piece) {
    std::memcpy(received.room(with_head.size() + 1).data(), with_head.data(), with_head.size());
    received.commit(with_head.size());
  }
  Scene& length(uint64_t length) {
    head.content_length = length;
    return *this;
  }
  Scene& chunked() {
    head.chunked = true;
    return *this;
  }
  RequestBody& open(uint64_t limit = 1'000'000) {
    body = std::make_unique<RequestBody>(head, received, source, sink, limit);
    return *body;
  }
  std::string all(std::size_t room = 100) {
    if (!body) open();
    std::string out;
    std::vector<std::byte> into(room);
    while (const auto count = body->read(into)) out.append(reinterpret_cast<const char*>(into.data()), count);
    return out;
  }
  Code failure() {
    try {
      all();
    } catch (const Error& e) {
      return e.code();
    }
    return Code{0};
  }
};

const std::string kChunks = "5;name=\"v\"\r\nhello\r\nA\r\n, world!!!\r\n000\r\nTrailer: x\r\n\r\n";

}  // namespace

TEST_CASE("a body of known length ends there, and the next request stays") {
  Scene scene("helloGET /", "");
  CHECK(scene.length(5).all() == "hello");
  CHECK(scene.received.text() == "GET /");
  CHECK(scene.body->finish());
}

TEST_CASE("a body comes first from what was received, then from the connection") {
  for (const auto piece : {1u, 3u, 100u}) CHECK(Scene("he", "llo, world", piece).length(12).all(4) == "hello, world");
}

TEST_CASE("chunks come out as one body, however they are cut") {
  for (std::size_t with_head = 0; with_head <= kChunks.size(); ++with_head)
    for (const auto piece : {1u, 2u, 7u, 100u}) {
      Scene scene(kChunks.substr(0, with_head), kChunks.substr(with_head), piece);
      REQUIRE(scene.chunked().all(with_head % 5 + 1) == "hello, world!!!");
      REQUIRE(scene.received.size() == 0);
    }
}

TEST_CASE("what follows the last chunk stays for the next request") {
  Scene scene(kChunks + "GET /next", "");
  CHECK(scene.chunked().all() == "hello, world!!!");
  CHECK(scene.received.text() == "GET /next");
}

TEST_CASE("what are no chunks is refused") {
  for (const auto* text :
       {"x\r\n", "-1\r\nhello", "5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "fffffffffffffffff\r\nhello",
        "5 5\r\nhello\r\n0\r\n\r\n", "\r\n5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n"}) {
    INFO(text);
    CHECK(Scene(text, "").chunked().failure() != Code{0});
  }
  CHECK(Scene("5;" + std::string(100'000, 'a'), std::string(100'000, 'a')).chunked().failure() == Code::invalid);
}

TEST_CASE("a chunk of a size that no body has is too large, not too much memory") {
  Scene scene("7fffffffffffffff\r\n" + std::string(1000, 'x'), std::string(2'000'000, 'x'));
  scene.chunked().open(1'000'000);
  CHECK(scene.failure() == Code::refused);
  CHECK(scene.body->too_large());
}

TEST_CASE("a body that breaks off is cancelled") {
  CHECK(Scene("hel", "").length(5).failure() == Code::cancelled);
  CHECK(Scene("5\r\nhel", "").chunked().failure() == Code::cancelled);
  CHECK(Scene("5\r\nhello\r\n", "").chunked().failure() == Code::cancelled);
}

TEST_CASE("a body is read up to the limit") {
  Scene fits(std::string(10, 'x'), "");
  fits.length(10).open(10);
  CHECK(fits.all().size() == 10);
  Scene longer(std::string(11, 'x'), "");
  longer.length(11).open(10);
  CHECK(longer.failure() == Code::refused);
  CHECK_FALSE(longer.body->finish());
  Scene chunks("6\r\n123456\r\n6\r\n123456\r\n0\r\n\r\n", "");
  chunks.chunked().open(10);
  CHECK(chunks.failure() == Code::refused);
}

TEST_CASE("a client that waits for it is told to go on when somebody reads") {
  Scene scene("", "hello");
  scene.head.expects_continue = true;
  scene.length(5).open();
  CHECK(scene.sink.text.empty());
  CHECK(scene.all() == "hello");
  CHECK(scene.sink.text == "HTTP/1.1 100 Continue\r\n\r\n");
  Scene refused("", "hello");
  refused.head.expects_continue = true;
  CHECK_FALSE(refused.length(5).open().finish());
  CHECK(refused.sink.text.empty());
}

TEST_CASE("what a handler leaves of a small body is passed over, a large one is not waited for") {
  Scene little("hel", "loGET /", 3);
  CHECK(little.length(5).open().finish());
  CHECK(little.source.given() == 2);
  Scene much("hel", std::string(10'000'000, 'x'));
  CHECK_FALSE(much.length(10'000'000).open(UINT64_MAX).finish());
  CHECK(much.source.given() == 0);
  Scene chunks(kChunks, "");
  CHECK(chunks.chunked().open().finish());
}
