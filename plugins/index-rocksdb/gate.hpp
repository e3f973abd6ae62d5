#pragma once
#include <atomic>
#include <cstdint>

namespace fermata::index_rocksdb {

/// Any number are inside at once, and now and then it is closed until nobody is. To come in costs two changes of
/// numbers in memory. **Thread**: any; closed by one at a time. Who came in on one thread may leave on another.
class Gate {
 public:
  void enter() {
    for (;;) {
      ++inside_;
      if (!closed_) return;
      leave();
      closed_.wait(true);
    }
  }
  void leave() {
    if (--inside_ == 0 && closed_) inside_.notify_all();
  }

  /// Lets nobody in, and returns when nobody is inside.
  void close() {
    closed_ = true;
    for (auto left = inside_.load(); left != 0; left = inside_.load()) inside_.wait(left);
  }
  void open() {
    closed_ = false;
    closed_.notify_all();
  }

 private:
  std::atomic<uint32_t> inside_{0};
  std::atomic<bool> closed_{false};
};

/// Closed for as long as it lives.
class ClosedGate {
 public:
  explicit ClosedGate(Gate& gate) : gate_(gate) { gate_.close(); }
  ~ClosedGate() { gate_.open(); }
  ClosedGate(const ClosedGate&) = delete;
  ClosedGate& operator=(const ClosedGate&) = delete;

 private:
  Gate& gate_;
};

}  // namespace fermata::index_rocksdb
