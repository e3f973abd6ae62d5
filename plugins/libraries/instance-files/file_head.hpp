#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fermata::instance_files {

/// Preamble and File Meta Information (PS3.10 7.1) of a file that arrives in pieces.
///
/// Where the group's length is missing or wrong, the first element of another group ends it. **Thread**: one at a time.
/// **Errors**: corrupt (this is no DICOM file); its text says why.
class FileHead {
 public:
  /// Takes from the front of `data` what belongs to the head. True once the data set begins.
  bool feed(std::span<const std::byte>& data);
  /// There is no more data. Error corrupt unless all of the head is there.
  void finish();

  /// Bytes of the data set that were needed to see that it begins.
  std::span<const std::byte> surplus() const;
  const std::string& transfer_syntax_uid() const { return transfer_syntax_uid_; }
  const std::string& sop_class_uid() const { return sop_class_uid_; }
  const std::string& sop_instance_uid() const { return sop_instance_uid_; }

 private:
  enum class Stage : uint8_t { prefix, group, short_header, long_header, value, complete };
  void advance();
  void begin_value(std::size_t header, uint64_t length);
  void end_value();
  void begin_group();
  void complete();
  uint32_t number(std::size_t at, std::size_t size) const;

  std::vector<std::byte> held_;
  Stage stage_ = Stage::prefix;
  std::size_t needed_ = 128 + 4;
  std::size_t element_ = 128 + 4;  ///< where the current one begins
  std::size_t announced_end_ = 0;  ///< by the group's length
  std::string transfer_syntax_uid_;
  std::string sop_class_uid_;
  std::string sop_instance_uid_;
};

}  // namespace fermata::instance_files
