#include "chunked_body.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <string_view>

#include "fermata/error.hpp"

namespace fermata::http {
namespace {

namespace beast = boost::beast;

// The parser wants to have seen a head that announces chunks.
constexpr std::string_view kHead = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

struct ChunkedBody::Parser : beast::http::request_parser<beast::http::buffer_body> {};

ChunkedBody::ChunkedBody() : parser_(std::make_unique<Parser>()) {
  beast::error_code error;
  parser_->body_limit(boost::none);
  parser_->eager(false);
  parser_->put(boost::asio::buffer(kHead.data(), kHead.size()), error);
}

ChunkedBody::~ChunkedBody() = default;

bool ChunkedBody::done() const { return parser_->is_done(); }

ChunkedBody::Step ChunkedBody::decode(std::span<const std::byte> received, std::span<std::byte> into) {
  auto& body = parser_->get().body();
  body.data = into.data();
  body.size = into.size();
  body.more = true;
  beast::error_code error;
  Step step;
  step.consumed = parser_->put(boost::asio::buffer(received.data(), received.size()), error);
  step.produced = into.size() - body.size;
  if (error && error != beast::http::error::need_more && error != beast::http::error::need_buffer)
    throw Error(Code::invalid, "the request's body is not made of chunks as HTTP has them: " + error.message());
  return step;
}

}  // namespace fermata::http
