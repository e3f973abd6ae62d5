#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fermata::dicomweb {

/// Which frames are asked for: those of a list, or all. An object may say that it has any number of them: all of them
/// are no list.
///
/// **Thread**: a value.
class FrameNumbers {
 public:
  static FrameNumbers all(uint64_t count);
  /// "1,2,3". **Errors**: invalid.
  static FrameNumbers parse(std::string_view list);

  uint64_t count() const { return listed_.empty() ? count_ : listed_.size(); }
  uint64_t operator[](uint64_t index) const {
    return listed_.empty() ? index + 1 : listed_[static_cast<std::size_t>(index)];
  }
  /// **Errors**: Problem (404) if one is beyond those that the instance has.
  void require_within(uint64_t frames) const;

 private:
  uint64_t count_ = 0;
  std::vector<uint64_t> listed_;
};

}  // namespace fermata::dicomweb
