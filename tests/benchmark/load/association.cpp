#include "association.hpp"

#include <algorithm>
#include <stdexcept>

#include "bytes.hpp"

namespace fermata::benchmark {
namespace {

constexpr std::size_t kFixedFields = 68;  // version, titles, reserved
enum : char { kRequest = 1, kAccept = 2, kData = 4, kReleaseRequest = 5, kReleaseResponse = 6 };

std::string item(unsigned type, const std::string& body) {
  std::string s{static_cast<char>(type), 0};
  put16be(s, body.size());
  return s + body;
}

std::string padded_title(std::string title) {
  title.resize(16, ' ');
  return title;
}

std::string pdu(char type, const std::string& body) {
  std::string s{type, 0};
  put32be(s, body.size());
  return s + body;
}

std::string user_information(const std::vector<Context>& contexts) {
  std::string maximum;
  put32be(maximum, kMaximumPdu);
  std::string body = item(0x51, maximum) + item(0x52, "1.2.3.4");
  for (const auto& context : contexts)
    if (context.as_receiver) {
      std::string role;
      put16be(role, context.sop_class.size());
      body += item(0x54, role + context.sop_class + std::string{0, 1});
    }
  return item(0x50, body);
}

std::string associate_request(const std::string& called, const std::vector<Context>& contexts) {
  std::string body;
  put16be(body, 1);
  put16be(body, 0);
  body += padded_title(called) + padded_title("LOAD") + std::string(32, '\0') + item(0x10, "1.2.840.10008.3.1.1.1");
  char id = 1;
  for (const auto& context : contexts) {
    body += item(0x20, std::string{id, 0, 0, 0} + item(0x30, context.sop_class) + item(0x40, context.transfer_syntax));
    id = static_cast<char>(id + 2);
  }
  return pdu(kRequest, body + user_information(contexts));
}

template <class Each>
void each_item(std::string_view items, Each each) {
  for (std::size_t at = 0; at + 4 <= items.size();) {
    const auto length = number16be(items, at + 2);
    each(byte_at(items, at), items.substr(at + 4, length));
    at += 4 + length;
  }
}

/// The answer to a request's body that takes all contexts.
std::string associate_accept(std::string_view request) {
  std::string body(request.substr(0, kFixedFields));
  body += item(0x10, "1.2.840.10008.3.1.1.1");
  each_item(request.substr(kFixedFields), [&](std::size_t type, std::string_view value) {
    if (type != 0x20) return;
    std::string syntax;
    each_item(value.substr(4), [&](std::size_t sub, std::string_view name) {
      if (sub == 0x40 && syntax.empty()) syntax = name;
    });
    body += item(0x21, std::string{value[0], 0, 0, 0} + item(0x40, syntax));
  });
  return pdu(kAccept, body + user_information({}));
}

void add_fragments(std::string& to, unsigned context, std::string_view data, bool command, std::size_t maximum_pdu) {
  const std::size_t room = maximum_pdu - 6;
  do {
    const auto piece = data.substr(0, room);
    data.remove_prefix(piece.size());
    to += {kData, 0};
    put32be(to, piece.size() + 6);
    put32be(to, piece.size() + 2);
    to += {static_cast<char>(context), static_cast<char>((command ? 1 : 0) | (data.empty() ? 2 : 0))};
    to += piece;
  } while (!data.empty());
}

}  // namespace

std::string message(unsigned context, std::string_view command, std::string_view data, std::size_t maximum_pdu) {
  std::string pdus;
  pdus.reserve(command.size() + data.size() + 64 + data.size() / 1000);
  add_fragments(pdus, context, command, true, maximum_pdu);
  if (!data.empty()) add_fragments(pdus, context, data, false, maximum_pdu);
  return pdus;
}

Association::Association(uint16_t port, const std::string& called, const std::vector<Context>& contexts)
    : socket_(Socket::connect_to(port)) {
  socket_.send(associate_request(called, contexts));
  char type = 0;
  if (!socket_.read(&type, 1) || type != kAccept) throw std::runtime_error("the association was not accepted");
  const auto body = read_pdu_body();
  read_negotiated(body);
}

Association::Association(Socket socket) : socket_(std::move(socket)) {
  char type = 0;
  if (!socket_.read(&type, 1) || type != kRequest) throw std::runtime_error("no association was asked for");
  const auto body = read_pdu_body();
  socket_.send(associate_accept(body));
}

std::string Association::read_pdu_body() {
  std::string head(5, '\0');
  if (!socket_.read(head.data(), head.size())) throw std::runtime_error("the connection ended early");
  std::string body(number32be(head, 1), '\0');
  if (!socket_.read(body.data(), body.size())) throw std::runtime_error("the connection ended early");
  return body;
}

void Association::read_negotiated(std::string_view body) {
  each_item(body.substr(kFixedFields), [&](std::size_t type, std::string_view value) {
    if (type == 0x21 && value[2] != 0) throw std::runtime_error("a presentation context was not accepted");
    if (type != 0x50) return;
    each_item(value, [&](std::size_t sub, std::string_view text) {
      if (sub == 0x51) maximum_pdu_ = number32be(text, 0);
    });
  });
  if (maximum_pdu_ == 0 || maximum_pdu_ > kMaximumPdu) maximum_pdu_ = kMaximumPdu;
}

bool Association::begin_pdv() {
  if (left_in_pdu_ == 0) {
    std::string head(6, '\0');
    if (!socket_.read(head.data(), head.size())) return false;
    if (head[0] == kReleaseRequest) {
      socket_.skip(number32be(head, 2));
      socket_.send(pdu(kReleaseResponse, std::string(4, '\0')));
      return false;
    }
    if (head[0] != kData) throw std::runtime_error("the association was aborted");
    left_in_pdu_ = number32be(head, 2);
  }
  std::string head(6, '\0');
  if (!socket_.read(head.data(), head.size())) throw std::runtime_error("the connection ended early");
  pdv_ = {number32be(head, 0) - 2, static_cast<unsigned>(byte_at(head, 4)), (head[5] & 1) != 0, (head[5] & 2) != 0};
  left_in_pdu_ -= 6 + pdv_.length;
  return true;
}

bool Association::receive(std::string& command, unsigned& context) {
  command.clear();
  while (begin_pdv()) {
    if (!pdv_.command) {
      socket_.skip(pdv_.length);
      continue;
    }
    const auto before = command.size();
    command.resize(before + pdv_.length);
    if (pdv_.length > 0 && !socket_.read(command.data() + before, pdv_.length))
      throw std::runtime_error("the connection ended early");
    context = pdv_.context;
    if (pdv_.last) return true;
  }
  return false;
}

uint64_t Association::skip_data() {
  uint64_t length = 0;
  do {
    if (!begin_pdv() || pdv_.command) throw std::runtime_error("a data set was expected");
    socket_.skip(pdv_.length);
    length += pdv_.length;
  } while (!pdv_.last);
  return length;
}

void Association::release() {
  socket_.send(pdu(kReleaseRequest, std::string(4, '\0')));
  std::string answer(10, '\0');
  socket_.read(answer.data(), answer.size());
}

}  // namespace fermata::benchmark
