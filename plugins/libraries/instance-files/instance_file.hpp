#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "body_writer.hpp"
#include "fermata/archive.hpp"
#include "fermata/transcoder.hpp"

namespace fermata::instance_files {

/// One instance as a DICOM file (PS3.10) in a transfer syntax: preamble, meta information, data set.
///
/// Its data set is read as stored where that is the wanted transfer syntax. **Thread**: one at a time. **Errors**:
/// those of Archive::open and of Transcoder.
class InstanceFile {
 public:
  /// `transcoder` may be null where nothing is to be changed.
  InstanceFile(Archive& archive, Transcoder* transcoder, const InstanceRecord& record,
               std::string_view transfer_syntax);

  uint64_t length() const { return meta_.size() + data_set_->length(); }
  void write_to(BodyWriter& body) const;
  /// Bytes of the file, as ObjectReader::read_at.
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) const;

 private:
  std::vector<std::byte> meta_;
  std::unique_ptr<ObjectReader> data_set_;
};

/// The data set of an instance in a transfer syntax. **Errors**: those of Archive::open and of Transcoder.
std::unique_ptr<ObjectReader> open_data_set(Archive& archive, Transcoder* transcoder, const InstanceRecord& record,
                                            std::string_view transfer_syntax);

}  // namespace fermata::instance_files
