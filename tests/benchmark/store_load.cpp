// Sends made CT images over pre-built associations as fast as the other side takes them, so that the client is never
// the bottleneck: one template, in which only the UIDs and the Instance Number change, written with few system calls.
//
// usage: store_load PORT ASSOCIATIONS OBJECTS PIXEL_BYTES RUN   (RUN: a number that makes the UIDs new)
// prints one JSON line: objects, failed, seconds, objects_per_second, mib_per_second
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr const char* kCtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
constexpr const char* kExplicitLittleEndian = "1.2.840.10008.1.2.1";

void put16be(std::string& s, unsigned v) { s += {static_cast<char>(v >> 8), static_cast<char>(v)}; }
void put32be(std::string& s, unsigned long v) {
  put16be(s, static_cast<unsigned>(v >> 16));
  put16be(s, static_cast<unsigned>(v & 0xffff));
}
void put16(std::string& s, unsigned v) { s += {static_cast<char>(v), static_cast<char>(v >> 8)}; }
void put32(std::string& s, unsigned long v) {
  put16(s, static_cast<unsigned>(v & 0xffff));
  put16(s, static_cast<unsigned>(v >> 16));
}

std::string item(unsigned type, const std::string& body) {
  std::string s{static_cast<char>(type), 0};
  put16be(s, static_cast<unsigned>(body.size()));
  return s + body;
}

std::string association_request() {
  std::string context = {1, 0, 0, 0};
  context += item(0x30, kCtImageStorage) + item(0x40, kExplicitLittleEndian);
  std::string maximum;
  put32be(maximum, 131072);
  std::string body;
  put16be(body, 1);
  put16be(body, 0);
  body += "FERMATA         LOAD            " + std::string(32, '\0');
  body += item(0x10, "1.2.840.10008.3.1.1.1") + item(0x20, context) +
          item(0x50, item(0x51, maximum) + item(0x52, "1.2.3.4"));
  std::string pdu = {1, 0};
  put32be(pdu, body.size());
  return pdu + body;
}

void implicit(std::string& s, unsigned group, unsigned element, const std::string& value) {
  put16(s, group);
  put16(s, element);
  put32(s, value.size());
  s += value;
}
std::string even(std::string s, char padding) {
  if (s.size() % 2 != 0) s += padding;
  return s;
}
std::string us(unsigned v) {
  std::string s;
  put16(s, v);
  return s;
}

void explicit_short(std::string& s, unsigned group, unsigned element, const char* vr, const std::string& value) {
  put16(s, group);
  put16(s, element);
  s += vr;
  put16(s, static_cast<unsigned>(value.size()));
  s += value;
}

/// A fixed width, so that a number can be patched in place.
std::string uid(unsigned long run, unsigned long association, unsigned long number) {
  char text[65];
  std::snprintf(text, sizeof text, "1.2.826.0.1.3680043.9.%06lu.1%03lu.1%08lu", run % 1000000, association, number);
  return even(text, '\0');
}

class Connection {
 public:
  explicit Connection(unsigned port) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("can't connect");
    send(association_request());
    const auto answer = receive();
    if (answer[0] != 2) throw std::runtime_error("the association was not accepted");
    for (std::size_t at = 6 + 68; at + 4 <= answer.size();) {  // the largest PDU the peer takes
      const auto length =
          static_cast<std::size_t>(static_cast<uint8_t>(answer[at + 2]) << 8 | static_cast<uint8_t>(answer[at + 3]));
      if (answer[at] == 0x50)
        for (std::size_t sub = at + 4; sub + 8 <= at + 4 + length;) {
          if (answer[sub] == 0x51) maximum_ = number32(answer, sub + 4);
          sub += 4 + static_cast<std::size_t>(static_cast<uint8_t>(answer[sub + 2]) << 8 |
                                              static_cast<uint8_t>(answer[sub + 3]));
        }
      at += 4 + length;
    }
    if (maximum_ == 0 || maximum_ > 131072) maximum_ = 131072;
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::size_t maximum() const { return maximum_; }
  void send(const std::string& data) {
    for (std::size_t sent = 0; sent < data.size();) {
      const auto n = ::send(socket_, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) throw std::runtime_error("the connection broke while sending");
      sent += static_cast<std::size_t>(n);
    }
  }
  /// One whole PDU.
  std::string receive() {
    std::string pdu(6, '\0');
    read_into(pdu, 0);
    const auto length = number32(pdu, 2);
    pdu.resize(6 + length);
    read_into(pdu, 6);
    return pdu;
  }

 private:
  static std::size_t number32(const std::string& s, std::size_t at) {
    std::size_t n = 0;
    for (int i = 0; i < 4; ++i) n = n << 8 | static_cast<uint8_t>(s[at + static_cast<std::size_t>(i)]);
    return n;
  }
  void read_into(std::string& to, std::size_t from) {
    while (from < to.size()) {
      const auto n = ::recv(socket_, to.data() + from, to.size() - from, 0);
      if (n <= 0) throw std::runtime_error("the connection broke while receiving");
      from += static_cast<std::size_t>(n);
    }
  }
  int socket_;
  std::size_t maximum_ = 0;
};

/// The PDUs of one C-STORE-RQ with its data set, and where in them the instance's UID and number stand.
class Message {
 public:
  Message(unsigned long run, unsigned long association, std::size_t pixel_bytes, std::size_t maximum) {
    const std::string instance = uid(run, association, 0);
    const std::string study = uid(run, association, 90000000), series = uid(run, association, 91000000);
    std::string fields;
    implicit(fields, 0, 0x0002, even(kCtImageStorage, '\0'));
    implicit(fields, 0, 0x0100, us(1));
    implicit(fields, 0, 0x0110, us(1));
    implicit(fields, 0, 0x0700, us(0));
    implicit(fields, 0, 0x0800, us(1));
    implicit(fields, 0, 0x1000, instance);
    std::string length;
    put32(length, fields.size());
    std::string command;
    implicit(command, 0, 0, length);
    command += fields;

    std::string data;
    explicit_short(data, 0x0008, 0x0005, "CS", "ISO_IR 192");
    explicit_short(data, 0x0008, 0x0016, "UI", even(kCtImageStorage, '\0'));
    explicit_short(data, 0x0008, 0x0018, "UI", instance);
    explicit_short(data, 0x0008, 0x0020, "DA", "20240102");
    explicit_short(data, 0x0008, 0x0030, "TM", "101112");
    explicit_short(data, 0x0008, 0x0050, "SH",
                   even("A" + std::to_string(run % 1000) + std::to_string(association), ' '));
    explicit_short(data, 0x0008, 0x0060, "CS", "CT");
    explicit_short(data, 0x0008, 0x0070, "LO", "Fermata ");
    explicit_short(data, 0x0008, 0x0090, "PN", "Ref^Erring");
    explicit_short(data, 0x0008, 0x1030, "LO", "Thorax");
    explicit_short(data, 0x0008, 0x103e, "LO", "Lung");
    explicit_short(data, 0x0010, 0x0010, "PN", "Doe^Jane");
    explicit_short(data, 0x0010, 0x0020, "LO", even("P" + std::to_string(association), ' '));
    explicit_short(data, 0x0010, 0x0030, "DA", "19700101");
    explicit_short(data, 0x0010, 0x0040, "CS", "F ");
    explicit_short(data, 0x0018, 0x0050, "DS", "1 ");
    explicit_short(data, 0x0018, 0x0060, "DS", "120 ");
    explicit_short(data, 0x0020, 0x000d, "UI", study);
    explicit_short(data, 0x0020, 0x000e, "UI", series);
    explicit_short(data, 0x0020, 0x0010, "SH", "1 ");
    explicit_short(data, 0x0020, 0x0011, "IS", "1 ");
    explicit_short(data, 0x0020, 0x0013, "IS", "1 ");
    explicit_short(data, 0x0020, 0x0032, "DS", "-100\\-100\\50.0");
    explicit_short(data, 0x0028, 0x0002, "US", us(1));
    explicit_short(data, 0x0028, 0x0004, "CS", "MONOCHROME2 ");
    explicit_short(data, 0x0028, 0x0010, "US", us(512));
    explicit_short(data, 0x0028, 0x0011, "US", us(512));
    explicit_short(data, 0x0028, 0x0100, "US", us(16));
    explicit_short(data, 0x0028, 0x0101, "US", us(12));
    explicit_short(data, 0x0028, 0x0102, "US", us(11));
    explicit_short(data, 0x0028, 0x0103, "US", us(0));
    put16(data, 0x7fe0);
    put16(data, 0x0010);
    data += std::string("OW\0\0", 4);
    put32(data, pixel_bytes);
    const std::size_t header = data.size();
    data.resize(header + pixel_bytes);
    for (std::size_t i = header; i < data.size(); ++i) data[i] = static_cast<char>(i * 2654435761u >> 13);

    fragments(command, true, maximum);
    fragments(data, false, maximum);
    const auto suffix = instance.size() - 9;  // "1" and eight digits, before a NUL or not
    for (std::size_t at = 0; (at = pdus_.find(instance.substr(0, suffix), at)) != std::string::npos; ++at)
      if (pdus_.compare(at, instance.size(), instance) == 0) places_.push_back(at + instance.find(".100000000") + 2);
  }
  const std::string& numbered(unsigned long number) {
    char digits[24];
    std::snprintf(digits, sizeof digits, "%08lu", number);
    for (const auto at : places_) pdus_.replace(at, 8, digits);
    return pdus_;
  }
  std::size_t places() const { return places_.size(); }

 private:
  void fragments(const std::string& data, bool command, std::size_t maximum) {
    const std::size_t room = maximum - 6;
    for (std::size_t at = 0; at < data.size(); at += room) {
      const auto piece = data.substr(at, room);
      std::string pdv;
      put32be(pdv, piece.size() + 2);
      pdv += {1, static_cast<char>((command ? 1 : 0) | (at + room >= data.size() ? 2 : 0))};
      pdus_ += {4, 0};
      put32be(pdus_, pdv.size() + piece.size());
      pdus_ += pdv + piece;
    }
  }
  std::string pdus_;
  std::vector<std::size_t> places_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) {
    std::fprintf(stderr, "usage: store_load PORT ASSOCIATIONS OBJECTS PIXEL_BYTES RUN\n");
    return 64;
  }
  const auto argument = [&](int i) { return std::strtoul(arguments[i], nullptr, 10); };
  const auto port = static_cast<unsigned>(argument(1));
  const auto associations = argument(2), objects = argument(3), pixel_bytes = argument(4), run = argument(5);
  std::atomic<unsigned long> failed{0}, sent_bytes{0};
  std::vector<std::thread> threads;
  std::atomic<unsigned long> ready{0};
  std::atomic<bool> go{false};
  for (unsigned long a = 0; a < associations; ++a)
    threads.emplace_back([&, a] {
      try {
        Connection connection(port);
        Message message(run, a, pixel_bytes, connection.maximum());
        if (message.places() != 2) throw std::runtime_error("the template lacks its places");
        ++ready;
        while (!go) std::this_thread::yield();
        for (unsigned long n = 0; n < objects / associations; ++n) {
          connection.send(message.numbered(n + 1));
          const auto response = connection.receive();
          const auto at = response.find(std::string("\0\0\0\x09\x02\0\0\0", 8));
          if (at == std::string::npos || response[at + 8] != 0 || response[at + 9] != 0) ++failed;
          sent_bytes += pixel_bytes;
        }
      } catch (const std::exception& e) {
        std::fprintf(stderr, "association %lu: %s\n", a, e.what());
        ++failed;
        ++ready;
      }
    });
  while (ready < associations) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  go = true;
  for (auto& t : threads) t.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto done = objects / associations * associations;
  std::printf(
      "{\"objects\": %lu, \"failed\": %lu, \"seconds\": %.3f, \"objects_per_second\": %.1f, \"mib_per_second\": "
      "%.1f}\n",
      done, failed.load(), seconds, static_cast<double>(done) / seconds,
      static_cast<double>(sent_bytes) / seconds / (1 << 20));
  return failed == 0 ? 0 : 1;
}
