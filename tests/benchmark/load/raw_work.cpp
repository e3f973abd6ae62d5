#include <stdexcept>

#include "association.hpp"
#include "bytes.hpp"
#include "command.hpp"
#include "work.hpp"

namespace fermata::benchmark {
namespace {

/// The same bytes as a C-STORE: their length, then they themselves; one byte comes back.
class Raw final : public Work {
 public:
  explicit Raw(const LoadOptions& o) : socket_(Socket::connect_to(o.port)) {
    const auto pdus = message(1, request(CommandField::store, kCtImageStorage, true, Study(0).instance_uid(0)),
                              data_set(Study(0), 0, o.shape), kMaximumPdu);
    put32be(bytes_, pdus.size());
    bytes_ += pdus;
  }
  Done once(uint64_t) override {
    socket_.send(bytes_);
    char answer = 0;
    if (!socket_.read(&answer, 1)) throw std::runtime_error("the sink has closed the connection");
    return {bytes_.size(), 1, {}};
  }

 private:
  Socket socket_;
  std::string bytes_;
};

}  // namespace

std::unique_ptr<Work> raw_work(const LoadOptions& o, unsigned) {
  return o.kind == "raw" ? std::make_unique<Raw>(o) : nullptr;
}

}  // namespace fermata::benchmark
