#include "growth.hpp"

#include <atomic>
#include <exception>
#include <stdexcept>
#include <thread>

namespace fermata::benchmark {

constexpr std::size_t kPixels = 64;  // they go by, and are not what is measured

Growth::Growth(Archive& archive, uint64_t per_study, unsigned threads)
    : archive_(archive), per_study_(per_study), threads_(threads), pixels_(pixel_data(kPixels)) {}

Growth::Window Growth::store(uint64_t from, uint64_t to) {
  std::atomic<uint64_t> next{from};
  std::vector<Latencies> took(threads_);
  std::vector<std::exception_ptr> failed(threads_);
  std::vector<std::thread> threads;
  const auto begin = Clock::now();
  for (unsigned t = 0; t < threads_; ++t)
    threads.emplace_back([&, t] {
      try {
        for (uint64_t study; (study = next++) < to;) store_study(study, took[t]);
      } catch (...) {
        failed[t] = std::current_exception();
      }
    });
  for (auto& thread : threads) thread.join();
  Window window;
  window.seconds = microseconds_since(begin) / 1e6;
  for (const auto& error : failed)
    if (error) std::rethrow_exception(error);
  for (const auto& one : took) window.took.add(one);
  return window;
}

void Growth::store_study(uint64_t number, Latencies& took) const {
  const Study study(number);
  for (uint64_t image = 0; image < per_study_; ++image) {
    const auto head = header(study, image, {});
    const auto begin = Clock::now();
    StoreRequest request;
    request.transfer_syntax_uid = kExplicitLittleEndian;
    request.calling_ae_title = "SCALE";
    request.protocol = "import";
    const auto operation = archive_.store(request);
    operation->append(head);
    operation->append(pixels_);
    const auto outcome = operation->finish();
    if (outcome.kind != StoreOutcome::Kind::stored)
      throw std::runtime_error("an object was not stored: " + std::string(outcome.reason));
    took.add(microseconds_since(begin));
  }
}

}  // namespace fermata::benchmark
