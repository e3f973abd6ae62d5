#include "http_connection.hpp"

#include <algorithm>
#include <stdexcept>

#include "latencies.hpp"

namespace fermata::benchmark {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

}  // namespace

std::string HttpConnection::head(std::string_view method, const std::string& path, std::string_view fields) const {
  return std::string(method) + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\n" +
         std::string(fields) + "\r\n";
}

HttpConnection::Answer HttpConnection::exchange(std::string_view head, std::string_view body) {
  begin_ = Clock::now();
  if (!socket_) socket_.emplace(Socket::connect_to(port_));
  socket_->send(head);
  socket_->send(body);
  const auto fields = lower(socket_->read_until("\r\n\r\n"));
  Answer answer;
  answer.status = std::stoi(fields.substr(fields.find(' ') + 1));
  const auto length = fields.find("content-length:");
  if (fields.find("transfer-encoding: chunked") != fields.npos) {
    read_chunks(answer);
  } else if (length != fields.npos) {
    read_body(answer, std::stoull(fields.substr(length + 15)));
  } else {  // ends with the connection
    read_body(answer, 1);
    answer.body += socket_->skip_rest();
    socket_.reset();
  }
  return answer;
}

void HttpConnection::read_body(Answer& answer, uint64_t length) {
  if (length > 0) socket_->skip(1);
  answer.first_byte_us = microseconds_since(begin_);
  if (length > 0) socket_->skip(length - 1);
  answer.body = length;
}

void HttpConnection::read_chunks(Answer& answer) {
  std::string size = socket_->read_until("\r\n");
  answer.first_byte_us = microseconds_since(begin_);
  for (uint64_t n; (n = std::stoull(size, nullptr, 16)) > 0; size = socket_->read_until("\r\n")) {
    socket_->skip(n + 2);
    answer.body += n;
  }
  while (socket_->read_until("\r\n") != "\r\n") {
  }
}

}  // namespace fermata::benchmark
