#pragma once
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

#include "fermata/error.hpp"

namespace fermata::testing {

/// The code of the Error that `call` throws; FERMATA_OK if it throws none.
template <class F>
Code code_of(F&& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.code();
  }
  return static_cast<Code>(FERMATA_OK);
}
inline constexpr Code kNoError = static_cast<Code>(FERMATA_OK);

/// Runs `work` with the numbers 0, 1, ... each in a thread of its own, and waits. The first exception comes out.
/// `work` must not use Catch2's assertions: they belong to one thread.
template <class F>
void in_threads(std::size_t count, F&& work) {
  std::vector<std::exception_ptr> errors(count);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      try {
        work(i);
      } catch (...) {
        errors[i] = std::current_exception();
      }
    });
  for (auto& thread : threads) thread.join();
  for (const auto& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace fermata::testing
