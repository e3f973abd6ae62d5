#include "request_head.hpp"

#include <catch2/catch.hpp>

#include "problem.hpp"

using namespace fermata::http;

namespace {

RequestHead parse(const std::string& lines) { return parse_request_head(lines + "\r\n"); }
RequestHead get(const std::string& fields) { return parse("GET / HTTP/1.1\r\nHost: h\r\n" + fields); }
RequestHead post(const std::string& fields) { return parse("POST / HTTP/1.1\r\nHost: h\r\n" + fields); }

unsigned status_of(const std::string& text) {
  try {
    parse_request_head(text);
  } catch (const Problem& problem) {
    return problem.status();
  }
  return 200;
}
unsigned status_with(const std::string& fields) {
  return status_of("POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
}

}  // namespace

TEST_CASE("a head ends with an empty line, wherever the search goes on") {
  const std::string text = "GET / HTTP/1.1\r\nHost: h\r\n\r\nbody";
  for (std::size_t searched = 0; searched <= 25; ++searched) CHECK(head_length(text, searched) == 27);
  CHECK_FALSE(head_length(text.substr(0, 26)));
}

TEST_CASE("a head is taken apart") {
  const auto head = parse(
      "PUT /a/b%20c?x=1&y=?/ HTTP/1.1\r\nHost: Archive.example:8080\r\nAccept: a\r\naccept:  b , c \r\n"
      "Content-Length: 12\r\nExpect: 100-Continue\r\n");
  CHECK(head.method == "PUT");
  CHECK(head.path == "/a/b%20c");
  CHECK(head.query == "x=1&y=?/");
  CHECK(head.host == "Archive.example:8080");
  CHECK(head.fields.get("ACCEPT") == "a, b , c");
  CHECK(head.content_length == 12);
  CHECK_FALSE(head.chunked);
  CHECK(head.expects_continue);
  CHECK(head.keep_alive);
}

TEST_CASE("a connection is kept as version and client have it") {
  CHECK(get("").keep_alive);
  CHECK_FALSE(get("Connection: Close\r\n").keep_alive);
  CHECK_FALSE(parse("GET / HTTP/1.0\r\n").keep_alive);
  CHECK(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n").keep_alive);
}

TEST_CASE("a target may be a whole address, or stand for the server") {
  const auto absolute = parse("GET http://other:1/a?b HTTP/1.1\r\nHost: h\r\n");
  CHECK(absolute.host == "other:1");
  CHECK(absolute.path == "/a");
  CHECK(absolute.query == "b");
  CHECK(parse("GET HTTPS://other HTTP/1.1\r\nHost: h\r\n").path == "/");
  CHECK(parse("OPTIONS * HTTP/1.1\r\nHost: h\r\n").path == "*");
  CHECK(status_of("GET * HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(status_of("CONNECT a:80 HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(status_of("GET ftp://a/ HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(status_of("GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
}

TEST_CASE("a body of two lengths is refused, since a proxy may have chosen the other one") {
  CHECK(status_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 400);
  CHECK(status_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") == 400);
  CHECK(status_with("Content-Length: 5\r\nContent-Length: 6\r\n") == 400);
  CHECK(status_with("Content-Length: 5, 6\r\n") == 400);
  CHECK(status_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") == 400);
  CHECK(status_with("Transfer-Encoding: chunked, chunked\r\n") != 200);
  CHECK(status_with("Transfer-Encoding: chunked, identity\r\n") == 501);
  CHECK(status_with("Transfer-Encoding: gzip, chunked\r\n") == 501);
  CHECK(status_with("Transfer-Encoding: xchunked\r\n") == 501);
  CHECK(status_with("Transfer-Encoding: identity\r\nContent-Length: 5\r\n") == 400);
  CHECK(status_with("Transfer-Encoding:\r\n") == 501);
  CHECK(status_with("Transfer-Encoding\t: chunked\r\n") == 400);
  CHECK(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(post("Transfer-Encoding: Chunked\r\n").chunked);
}

TEST_CASE("a length that is no number is refused") {
  for (const auto* length : {"-1", "+1", "1 2", "0x10", "99999999999999999999999", "", "1.0", "5 \v"}) {
    INFO(length);
    CHECK(status_with(std::string("Content-Length: ") + length + "\r\n") == 400);
  }
  CHECK(post("Content-Length: 18446744073709551615\r\n").content_length == UINT64_MAX);
}

TEST_CASE("lines that others read differently are refused") {
  CHECK(status_of("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: h\r\n\tA: b\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\nHost: h\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: h\rA: b\r\n\r\n") == 400);
  CHECK(status_of(std::string("GET / HTTP/1.1\r\nHost: h\r\nA: b") + '\0' + "c\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n") == 400);
  CHECK(status_of("GET  / HTTP/1.1\r\nHost: h\r\n\r\n") == 400);
  CHECK(status_of("GET / a HTTP/1.1\r\nHost: h\r\n\r\n") != 200);
  CHECK(status_of("GET / \r\n\r\n") == 400);
  CHECK(status_of("\r\n\r\n") == 400);
}

TEST_CASE("a host is named once, and is a host") {
  CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: <script>\r\n\r\n") == 400);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n") == 200);
  CHECK(status_of("GET / HTTP/1.0\r\n\r\n") == 200);
}

TEST_CASE("versions and expectations that are not known are refused") {
  CHECK(status_of("PRI * HTTP/2.0\r\n\r\n") == 505);
  CHECK(status_of("GET / HTTP/1.2\r\nHost: h\r\n\r\n") == 505);
  CHECK(status_of("GET / HTTP/0.9\r\n\r\n") == 505);
  CHECK(status_with("Expect: the-best\r\n") == 417);
  CHECK_FALSE(get("Expect: 100-continue\r\n").expects_continue);
}

TEST_CASE("more fields than any client sends are refused") {
  std::string fields;
  for (int i = 0; i < 199; ++i) fields += "A" + std::to_string(i) + ": b\r\n";
  CHECK(status_with(fields) == 200);
  CHECK(status_with(fields + "One-more: b\r\n") == 431);
}
