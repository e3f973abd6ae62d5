#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fields.hpp"

namespace fermata::http {

/// The head of a request: request line and fields (RFC 9112 3 and 5), understood and found to be sound.
///
/// **Thread**: a value.
struct RequestHead {
  std::string method;
  std::string path;   ///< as sent, begins with "/"; "*" for OPTIONS of the whole server
  std::string query;  ///< as sent, without "?"
  Fields fields;
  std::string host;  ///< of the target or of the field Host, as sent: only characters that an authority has
  bool http_1_1 = true;
  bool keep_alive = true;
  bool expects_continue = false;
  bool chunked = false;
  uint64_t content_length = 0;  ///< where it is not chunked

  bool has_body() const { return chunked || content_length > 0; }
};

/// The length of the head that `received` begins with, up to and with its empty line; empty if it goes on. `searched`
/// of it are known not to have the end.
std::optional<std::size_t> head_length(std::string_view received, std::size_t searched = 0);

/// A name or an address, and a port (RFC 3986 3.2), without user information.
bool is_authority(std::string_view text);

/// `text` is a whole head. **Errors**: Problem 400, 431 (too many fields), 501 (transfer coding), 505. After each of
/// them nobody knows where the next request begins: the connection has to be closed.
RequestHead parse_request_head(std::string_view text);

}  // namespace fermata::http
