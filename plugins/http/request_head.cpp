#include "request_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>

#include "problem.hpp"

namespace fermata::http {
namespace {

namespace beast = boost::beast;

constexpr std::size_t kMostFields = 200;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// What a proxy in front of us may read in another way than we do is no request (RFC 9112 11).
void check_lines(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\0') throw Problem(400, "The request's head has a NUL character.");
    if (c == '\r' && text.substr(i, 2) != "\r\n") throw Problem(400, "The request's head has a CR without LF.");
    if (c == '\n' && (i == 0 || text[i - 1] != '\r'))
      throw Problem(400, "A line of the request's head ends without CR.");
    if (c == '\n' && i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t'))
      throw Problem(400, "A field of the request's head goes on in another line (obs-fold); write it in one.");
  }
}

[[noreturn]] void refuse(beast::error_code error) {
  using Reason = beast::http::error;
  if (error == Reason::bad_version) throw Problem(505, "This server speaks HTTP/1.1 and HTTP/1.0.");
  if (error == Reason::bad_content_length || error == Reason::multiple_content_length ||
      error == Reason::bad_transfer_encoding)
    throw Problem(400,
                  "The length of the request's body is not clear: Content-Length and Transfer-Encoding are wrong, "
                  "or contradict each other.");
  throw Problem(400, "This is no HTTP request: " + error.message() + ".");
}

/// origin-form, absolute-form and asterisk-form (RFC 9112 3.2).
void read_target(RequestHead& head, std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_in_any_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = std::min(target.find_first_of("/?"), target.size());
    head.host = target.substr(0, end);
    target.remove_prefix(end);
    if (!target.starts_with('/')) target = target.empty() ? "/" : target;
    break;
  }
  if (target == "*" && head.method == "OPTIONS") {
    head.path = target;
    return;
  }
  const auto question = std::min(target.find('?'), target.size());
  head.path = target.substr(0, question);
  if (question < target.size()) head.query = target.substr(question + 1);
  if (!head.path.starts_with('/') || head.path.find('#') != std::string::npos)
    throw Problem(400, "The request's target is no path that begins with \"/\".");
}

void read_host(RequestHead& head, std::size_t count) {
  const auto field = head.fields.get("Host");
  if (count > 1) throw Problem(400, "The request has more than one field Host.");
  if (count == 0 && head.http_1_1) throw Problem(400, "The request has no field Host, which HTTP/1.1 wants.");
  if (head.host.empty()) head.host = field;
  if (!head.host.empty() && !is_authority(head.host)) throw Problem(400, "The field Host is no name or address.");
}

void read_transfer_encoding(RequestHead& head) {
  const auto coding = head.fields.get("Transfer-Encoding");
  if (!head.fields.has("Transfer-Encoding")) return;
  if (!head.http_1_1) throw Problem(400, "HTTP/1.0 has no Transfer-Encoding.");
  if (head.fields.has("Content-Length"))
    throw Problem(400, "The request has both Content-Length and Transfer-Encoding; send one of them.");
  if (!equal_in_any_case(coding, "chunked"))
    throw Problem(501, "The only transfer coding that this server knows is \"chunked\".");
  head.chunked = true;
}

void read_expectation(RequestHead& head) {
  const auto expectation = head.fields.get("Expect");
  if (expectation.empty() || !head.http_1_1) return;
  if (!equal_in_any_case(expectation, "100-continue"))
    throw Problem(417, "The only expectation that this server meets is \"100-continue\".");
  head.expects_continue = head.has_body();
}

}  // namespace

bool is_authority(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-._~%!$&'()*+,;=:[]") == std::string_view::npos;
}

std::optional<std::size_t> head_length(std::string_view received, std::size_t searched) {
  const auto end = received.find("\r\n\r\n", searched < 3 ? 0 : searched - 3);
  if (end == std::string_view::npos) return {};
  return end + 4;
}

RequestHead parse_request_head(std::string_view text) {
  check_lines(text);
  beast::http::request_parser<beast::http::empty_body> parser;
  parser.header_limit(std::numeric_limits<uint32_t>::max());
  parser.body_limit(boost::none);
  parser.skip(true);
  beast::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  if (error) refuse(error);
  if (!parser.is_header_done()) throw Problem(400, "The request's head is not complete.");

  const auto& message = parser.get();
  RequestHead head;
  head.method = view(message.method_string());
  head.http_1_1 = message.version() == 11;
  if (message.version() != 11 && message.version() != 10) refuse(beast::http::error::bad_version);
  head.keep_alive = parser.keep_alive();
  std::size_t fields = 0;
  std::size_t hosts = 0;
  for (const auto& field : message) {
    if (++fields > kMostFields) throw Problem(431, "The request has more than 200 fields.");
    if (field.name() == beast::http::field::host) ++hosts;
    head.fields.add(view(field.name_string()), view(field.value()));
  }
  read_target(head, view(message.target()));
  read_host(head, hosts);
  read_transfer_encoding(head);
  if (const auto length = parser.content_length(); length && !head.chunked) head.content_length = *length;
  read_expectation(head);
  return head;
}

}  // namespace fermata::http
