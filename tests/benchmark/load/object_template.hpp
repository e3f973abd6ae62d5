#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "study.hpp"

namespace fermata::benchmark {

/// Bytes that carry one object, made once; `place` writes another object of the same shape over it, which costs a few
/// microseconds however large the pixels are.
///
/// **Thread**: one at a time.
class ObjectTemplate {
 public:
  /// `bytes` contain the header of image 0 of study 0 once, and its SOP Instance UID perhaps elsewhere, too.
  ObjectTemplate(std::string bytes, const Shape& shape);

  std::string_view place(const Study& study, uint64_t image);

 private:
  std::string bytes_;
  const Shape shape_;
  std::size_t header_;
  std::size_t header_length_;
  std::vector<std::size_t> uids_;  ///< outside of the header
};

/// The data set of an object with its pixels.
std::string data_set(const Study& study, uint64_t image, const Shape& shape);
/// As a Part 10 file.
std::string file(const Study& study, uint64_t image, const Shape& shape);

/// Which object the n-th is that a connection sends: whole studies, one after the other, that no other connection has.
struct Portion {
  uint64_t first_study = 0;
  uint64_t per_study = 1;

  uint64_t study(uint64_t n) const { return first_study + n / per_study; }
  uint64_t image(uint64_t n) const { return n % per_study; }
};

}  // namespace fermata::benchmark
