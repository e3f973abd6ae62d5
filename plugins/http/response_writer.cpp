#include "response_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "byte_range.hpp"
#include "condition.hpp"
#include "fermata/content_coding.hpp"
#include "fermata/error.hpp"

namespace fermata::http {
namespace {

constexpr std::size_t kBuffer = 128 * 1024;
constexpr std::size_t kLarge = 32 * 1024;  // is not worth a copy
constexpr std::size_t kSmallest = 1024;    // is worth compressing
constexpr std::string_view kEnd = "\r\n";
constexpr std::string_view kAcceptEncoding = "Accept-Encoding";

Bytes bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

[[noreturn]] void defect(const std::string& what) { throw Error(Code::internal, "a handler " + what); }
[[noreturn]] void nobody_wants_more() { throw Error(Code::cancelled, "the client wants nothing more"); }

bool stands_several_times(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames{"Set-Cookie", "Link", "Vary", "Warning"};
  return std::any_of(kNames.begin(), kNames.end(), [&](auto n) { return equal_in_any_case(n, name); });
}

bool is_the_servers(std::string_view name) {
  constexpr std::array<std::string_view, 4> kNames{"Transfer-Encoding", "Connection", "Date", "Server"};
  return std::any_of(kNames.begin(), kNames.end(), [&](auto n) { return equal_in_any_case(n, name); });
}

}  // namespace

ResponseWriter::ResponseWriter(const RequestHead& request, ResponseRules rules, Sink& sink)
    : request_(request), rules_(std::move(rules)), sink_(sink) {}

ResponseWriter::~ResponseWriter() = default;

void ResponseWriter::status(uint32_t code) {
  if (begun_) defect("sets the status after the body has begun; set it first");
  if (code < 200 || code > 599) defect("sets the status " + std::to_string(code) + ", which is none of an answer");
  status_ = code;
}

void ResponseWriter::header(std::string_view name, std::string_view value) {
  if (begun_) defect("sets " + std::string(name) + " after the body has begun; set it first");
  if (!is_token(name) || !is_field_value(value)) defect("sets a header that HTTP can't carry: " + std::string(name));
  if (is_the_servers(name)) defect("sets " + std::string(name) + ", which is the server's to set");
  if (stands_several_times(name))
    fields_.append(name, value);
  else
    fields_.set(name, value);
}

void ResponseWriter::begin() {
  begun_ = true;
  take_content_length();
  if (status_ == 204 || status_ == 304) {
    framing_ = Framing::no_body;
    return;
  }
  const bool worth_compressing =
      rules_.compress && is_compressible(fields_.get("Content-Type")) && !fields_.has("Content-Encoding");
  if (worth_compressing && fields_.get("Vary").find(kAcceptEncoding) == std::string_view::npos)
    fields_.append("Vary", kAcceptEncoding);
  if (status_ == 200 && (request_.method == "GET" || request_.method == "HEAD")) {
    const auto etag = fields_.get("ETag");
    const auto modified = fields_.get("Last-Modified");
    if (wants_another(request_.fields, etag, modified)) {
      refuse_empty(412);
      return;
    }
    if (client_has_it(request_.fields, etag, modified)) {
      status_ = 304;
      framing_ = Framing::no_body;
      for (const auto* name : {"Content-Type", "Content-Encoding", "Accept-Ranges"}) fields_.remove(name);
      return;
    }
    const bool ranges = announced_ && equal_in_any_case(fields_.get("Accept-Ranges"), "bytes");
    if (ranges && request_.method == "GET" && range_holds(request_.fields, etag, modified)) begin_range(*announced_);
  }
  may_compress_ = worth_compressing && status_ != 206 && status_ != 416 && request_.http_1_1 &&
                  fields_.get("Cache-Control").find("no-transform") == std::string_view::npos &&
                  accepts_gzip(request_.fields.get(kAcceptEncoding));
}

void ResponseWriter::take_content_length() {
  const auto text = fields_.get("Content-Length");
  if (text.empty()) return;
  uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) defect("sets a Content-Length that is none");
  expected_ = announced_ = value;
  fields_.remove("Content-Length");
}

/// What the request asks for can't be given: the status says it all.
void ResponseWriter::refuse_empty(unsigned status) {
  status_ = status;
  for (const auto* name : {"Content-Type", "Content-Encoding"}) fields_.remove(name);
  framing_ = Framing::length;
  announced_ = 0;
  window_end_ = 0;
}

void ResponseWriter::begin_range(uint64_t length) {
  const auto range = parse_range(request_.fields.get("Range"), length);
  if (range.kind == RangeRequest::Kind::unsatisfiable) {
    fields_.set("Content-Range", "bytes */" + std::to_string(length));
    refuse_empty(416);
    return;
  }
  if (range.kind != RangeRequest::Kind::part) return;
  status_ = 206;
  fields_.set("Content-Range", "bytes " + std::to_string(range.part.first) + "-" + std::to_string(range.part.end - 1) +
                                   "/" + std::to_string(length));
  window_begin_ = range.part.first;
  window_end_ = range.part.end;
  announced_ = range.part.end - range.part.first;
}

/// Once it is known whether the body is worth it. `whole`: nothing more will come.
bool ResponseWriter::begin_compression(bool whole) {
  if (!may_compress_) return false;
  may_compress_ = false;
  if (whole && buffer_.size() < kSmallest) return false;
  gzip_ = std::make_unique<Gzip>();
  announced_.reset();
  fields_.set("Content-Encoding", "gzip");
  fields_.remove("Accept-Ranges");
  // The same bytes in another coding are another representation (RFC 9110 8.8.3).
  if (const std::string etag(fields_.get("ETag")); etag.starts_with('"')) fields_.set("ETag", "W/" + etag);
  return true;
}

void ResponseWriter::write(Bytes data) {
  if (!begun_) begin();
  if (unwanted_) nobody_wants_more();
  if (framing_ == Framing::no_body && status_ == 204 && !data.empty()) defect("writes a body to status 204");
  if (request_.method == "HEAD" || framing_ == Framing::no_body || window_end_ == 0) {
    end_without_body();
    nobody_wants_more();
  }
  const auto begin = written_;
  written_ += data.size();
  if (window_begin_ == 0 && window_end_ == std::numeric_limits<uint64_t>::max()) {
    if (expected_ && written_ > *expected_) defect("writes more than the Content-Length that it set");
    pass(data);
    return;
  }
  const auto from = std::min<uint64_t>(data.size(), window_begin_ > begin ? window_begin_ - begin : 0);
  const auto to = std::min<uint64_t>(data.size(), window_end_ - begin);
  pass(data.subspan(from, to - from));
  if (written_ >= window_end_) {
    send({}, true);
    unwanted_ = true;
    nobody_wants_more();
  }
}

void ResponseWriter::pass(Bytes data) {
  if (may_compress_ && buffer_.size() + data.size() >= kSmallest) {
    begin_compression(false);
    std::vector<std::byte> waiting;
    waiting.swap(buffer_);
    gzip_->add(waiting, buffer_);
  }
  if (!gzip_) {
    gather(data);
    return;
  }
  // In portions, so that the buffer stays one.
  while (!data.empty()) {
    const auto portion = data.first(std::min(data.size(), kBuffer));
    data = data.subspan(portion.size());
    gzip_->add(portion, buffer_);
    if (buffer_.size() >= kBuffer) send({}, false);
  }
}

void ResponseWriter::gather(Bytes data) {
  const bool may_be_all = !head_sent_ && !announced_;
  const bool fits = buffer_.size() + data.size() <= kBuffer;
  if (fits && (may_be_all || data.size() < kLarge))
    buffer_.insert(buffer_.end(), data.begin(), data.end());
  else
    send(data, false);
}

void ResponseWriter::flush() {
  if (!begun_) begin();
  if (unwanted_) return;
  if (request_.method == "HEAD" || framing_ == Framing::no_body || window_end_ == 0) {
    end_without_body();
    return;
  }
  if (may_compress_) {
    begin_compression(false);
    std::vector<std::byte> waiting;
    waiting.swap(buffer_);
    gzip_->add(waiting, buffer_);
  }
  if (gzip_) gzip_->flush(buffer_);
  send({}, false);
}

void ResponseWriter::finish() {
  if (!begun_) begin();
  if (unwanted_) return;
  if (framing_ == Framing::no_body || request_.method == "HEAD" || window_end_ == 0) {
    // Of a HEAD whose handler wrote nothing, the body is known: it is empty.
    if (!announced_ && framing_ == Framing::undecided) announced_ = 0;
    end_without_body();
    return;
  }
  if (expected_ && written_ < *expected_) defect("wrote less than the Content-Length that it set");
  if (begin_compression(true)) {
    std::vector<std::byte> waiting;
    waiting.swap(buffer_);
    gzip_->add(waiting, buffer_);
  }
  if (gzip_) gzip_->finish(buffer_);
  send({}, true);
}

void ResponseWriter::answer(const Problem& problem, std::string_view request_id) {
  status_ = problem.status();
  fields_ = problem.fields();
  const auto body = problem_body(problem, request_id);
  fields_.set("Content-Type", "application/problem+json");
  fields_.set("Cache-Control", "no-store");
  begun_ = true;
  may_compress_ = false;
  announced_ = body.size();
  window_begin_ = 0;
  window_end_ = std::numeric_limits<uint64_t>::max();
  framing_ = Framing::undecided;
  gzip_.reset();
  buffer_.clear();
  if (request_.method == "HEAD") {
    end_without_body();
    return;
  }
  const auto text = bytes(body);
  buffer_.assign(text.begin(), text.end());
  send({}, true);
}

void ResponseWriter::end_without_body() {
  unwanted_ = true;
  const auto text = head(framing_ == Framing::no_body ? std::nullopt : announced_);
  const std::array pieces{bytes(text)};
  head_sent_ = true;
  sink_.write(pieces);
}

/// The buffer and `more` go out, after the head if that has not gone before.
void ResponseWriter::send(Bytes more, bool last) {
  const auto size = buffer_.size() + more.size();
  std::string front;
  if (!head_sent_) {
    const auto length = announced_ ? announced_ : last ? std::optional<uint64_t>(size) : std::nullopt;
    framing_ = length ? Framing::length : request_.http_1_1 ? Framing::chunks : Framing::until_close;
    front = head(length);
  }
  std::string_view back;
  if (framing_ == Framing::chunks) {
    if (size > 0) {
      std::array<char, 24> digits{};
      front.append(digits.data(),
                   static_cast<std::size_t>(std::snprintf(digits.data(), digits.size(), "%zx\r\n", size)));
      back = kEnd;
    }
    if (last) back = size > 0 ? "\r\n0\r\n\r\n" : "0\r\n\r\n";
  }
  head_sent_ = true;
  const std::array pieces{bytes(front), Bytes(buffer_), more, bytes(back)};
  sink_.write(pieces);
  body_bytes_ += size;
  buffer_.clear();
}

std::string ResponseWriter::head(std::optional<uint64_t> body_length) {
  if (framing_ == Framing::until_close) rules_.keep_alive = false;
  std::string text = "HTTP/1.1 " + std::to_string(status_) + ' ';
  text += reason_phrase(status_);
  text += kEnd;
  const auto line = [&](std::string_view name, std::string_view value) {
    text += name;
    text += ": ";
    text += value;
    text += kEnd;
  };
  for (const auto& [name, value] : rules_.standing)
    if (!fields_.has(name) || stands_several_times(name)) line(name, value);
  for (const auto& [name, value] : fields_) line(name, value);
  if (framing_ == Framing::chunks)
    line("Transfer-Encoding", "chunked");
  else if (body_length)
    line("Content-Length", std::to_string(*body_length));
  if (!rules_.keep_alive)
    line("Connection", "close");
  else if (!request_.http_1_1)
    line("Connection", "keep-alive");
  return text += kEnd;
}

}  // namespace fermata::http
