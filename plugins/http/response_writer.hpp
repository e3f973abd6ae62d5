#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fermata/http_router.hpp"
#include "fields.hpp"
#include "gzip.hpp"
#include "problem.hpp"
#include "request_head.hpp"
#include "waiting_stream.hpp"

namespace fermata::http {

/// How an answer is made beside what its handler says.
struct ResponseRules {
  Fields standing;         ///< fields of every answer; a handler's of the same name replace them
  bool compress = true;    ///< if the client accepts it and the media type is worth it
  bool keep_alive = true;  ///< the connection may be used again
};

/// The answer to one request: what a handler writes becomes the message that the client gets (see HttpResponse).
///
/// It keeps at most one buffer of the body: an answer that fits has a Content-Length, a larger one is sent in chunks,
/// or until the end of the connection (HTTP/1.0). Larger pieces pass by the buffer. **Thread**: one. **Ownership**: all
/// that is given lives as long as this. **Errors**: those of HttpResponse; internal for what a handler must not do.
class ResponseWriter final : public HttpResponse {
 public:
  ResponseWriter(const RequestHead& request, ResponseRules rules, Sink& sink);
  ~ResponseWriter() override;

  void status(uint32_t code) override;
  void header(std::string_view name, std::string_view value) override;
  void write(Bytes data) override;
  void flush() override;

  /// The handler has returned: sends what is left. **Errors**: internal where it announced more than it wrote.
  void finish();
  /// In place of what the handler said so far; only while nothing was sent.
  void answer(const Problem& problem, std::string_view request_id);
  void close_after() { rules_.keep_alive = false; }

  bool sent() const { return head_sent_; }
  bool unwanted() const { return unwanted_; }  ///< the client wants nothing more: `write` throws, and all is well
  bool keep_alive() const { return rules_.keep_alive && framing_ != Framing::until_close; }
  bool until_close() const { return framing_ == Framing::until_close; }
  unsigned status() const { return status_; }
  uint64_t body_bytes() const { return body_bytes_; }

 private:
  enum class Framing { undecided, length, chunks, until_close, no_body };

  void begin();  ///< status and headers are final
  void take_content_length();
  void begin_range(uint64_t length);
  void refuse_empty(unsigned status);
  bool begin_compression(bool whole);
  void pass(Bytes data);  ///< into compression or past it
  void gather(Bytes data);
  void send(Bytes more, bool last);
  std::string head(std::optional<uint64_t> body_length);
  void end_without_body();

  const RequestHead& request_;
  ResponseRules rules_;
  Sink& sink_;
  unsigned status_ = 200;
  Fields fields_;
  bool begun_ = false;
  bool head_sent_ = false;
  bool unwanted_ = false;
  bool may_compress_ = false;
  Framing framing_ = Framing::undecided;
  std::optional<uint64_t> expected_;   ///< what the handler's Content-Length says
  std::optional<uint64_t> announced_;  ///< what ours says; empty where it is not known yet
  uint64_t written_ = 0;               ///< by the handler
  uint64_t window_begin_ = 0;          ///< the part of it that is sent
  uint64_t window_end_ = std::numeric_limits<uint64_t>::max();
  uint64_t body_bytes_ = 0;
  std::unique_ptr<Gzip> gzip_;
  std::vector<std::byte> buffer_;
};

}  // namespace fermata::http
