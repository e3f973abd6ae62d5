#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "transport.hpp"

namespace fermata::http {
namespace {

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(int descriptor) : descriptor_(descriptor) {}

  Step handshake() override { return {}; }

  Step read(std::span<std::byte> into) override {
    const auto count = ::recv(descriptor_, into.data(), into.size(), 0);
    if (count > 0) return {Step::Kind::done, static_cast<std::size_t>(count)};
    return {count < 0 && would_wait() ? Step::Kind::wants_read : Step::Kind::closed, 0};
  }

  Step write(std::span<const Bytes> pieces) override {
    std::array<iovec, 8> vectors{};
    const auto count = std::min(pieces.size(), vectors.size());
    for (std::size_t i = 0; i < count; ++i) vectors[i] = {const_cast<std::byte*>(pieces[i].data()), pieces[i].size()};
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    const auto sent = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
    if (sent >= 0) return {Step::Kind::done, static_cast<std::size_t>(sent)};
    return {would_wait() ? Step::Kind::wants_write : Step::Kind::closed, 0};
  }

  void end_writing() override { ::shutdown(descriptor_, SHUT_WR); }
  int descriptor() const override { return descriptor_; }

 private:
  static bool would_wait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

  int descriptor_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(int descriptor) { return std::make_unique<PlainTransport>(descriptor); }

}  // namespace fermata::http
