#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fermata::dimse::testing {

/// A TCP connection that says what a test wants, byte by byte.
class RawConnection {
 public:
  explicit RawConnection(uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("nobody listens");
    const timeval limit{5, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~RawConnection() { ::close(descriptor_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void say(std::string_view text) { (void)!::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL); }
  /// All that comes until the other end closes, or for five seconds.
  std::string hear() {
    std::string heard;
    char piece[4096];
    for (ssize_t count = 0; (count = ::recv(descriptor_, piece, sizeof piece, 0)) > 0;)
      heard.append(piece, static_cast<std::size_t>(count));
    return heard;
  }
  /// The next PDU; empty if there is none.
  std::string hear_pdu() {
    auto pdu = exactly(6);
    if (pdu.size() < 6) return {};
    std::size_t length = 0;
    for (int i = 2; i < 6; ++i) length = length << 8 | static_cast<unsigned char>(pdu[static_cast<std::size_t>(i)]);
    return pdu + exactly(length);
  }

 private:
  std::string exactly(std::size_t count) {
    std::string text(count, '\0');
    std::size_t got = 0;
    while (got < count) {
      const ssize_t more = ::recv(descriptor_, text.data() + got, count - got, 0);
      if (more <= 0) break;
      got += static_cast<std::size_t>(more);
    }
    text.resize(got);
    return text;
  }

  int descriptor_;
};

/// `value` in `width` bytes, most significant first.
inline std::string big_endian(uint64_t value, int width) {
  std::string text;
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) text.push_back(static_cast<char>(value >> shift & 0xff));
  return text;
}

inline std::string item(char type, std::string_view content) {
  return std::string{type, '\0'} + big_endian(content.size(), 2) + std::string(content);
}

inline std::string pdu(char type, std::string_view content) {
  return std::string{type, '\0'} + big_endian(content.size(), 4) + std::string(content);
}

inline std::string pdv(char context_id, char header, std::string_view fragment) {
  return big_endian(fragment.size() + 2, 4) + context_id + header + std::string(fragment);
}

/// A-ASSOCIATE-RQ of VIEWER for one SOP Class in Implicit VR Little Endian, with more user information if wanted.
inline std::string association_request(std::string_view abstract_syntax, std::string_view more_user_information = {}) {
  const auto context = std::string("\x01\0\0\0", 4) + item(0x30, abstract_syntax) + item(0x40, "1.2.840.10008.1.2");
  const auto user = item(0x51, big_endian(16384, 4)) + item(0x52, "1.2.3.4") + std::string(more_user_information);
  return pdu(1, std::string("\0\x01\0\0", 4) + "FERMATA         VIEWER          " + std::string(32, '\0') +
                    item(0x10, "1.2.840.10008.3.1.1.1") + item(0x20, context) + item(0x50, user));
}

}  // namespace fermata::dimse::testing
