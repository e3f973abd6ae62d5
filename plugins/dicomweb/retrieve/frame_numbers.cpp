#include "retrieve/frame_numbers.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "fermata/error.hpp"
#include "fermata/query_parameters.hpp"
#include "problem.hpp"

namespace fermata::dicomweb {

FrameNumbers FrameNumbers::all(uint64_t count) {
  FrameNumbers numbers;
  numbers.count_ = count;
  return numbers;
}

FrameNumbers FrameNumbers::parse(std::string_view list) {
  FrameNumbers numbers;
  for (const auto part : comma_list(list)) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc{} || end != part.data() + part.size() || number == 0)
      throw Error(Code::invalid, "\"" + std::string(part) + "\" is no frame number: frames are counted from 1");
    numbers.listed_.push_back(number);
  }
  if (numbers.listed_.empty()) throw Error(Code::invalid, "the path names no frame");
  return numbers;
}

void FrameNumbers::require_within(uint64_t frames) const {
  const auto largest = listed_.empty() ? count_ : *std::max_element(listed_.begin(), listed_.end());
  if (largest > frames)
    throw Problem(404, "there is no frame " + std::to_string(largest) + ": the instance has " + std::to_string(frames));
}

}  // namespace fermata::dicomweb
