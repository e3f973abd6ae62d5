#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/index.hpp"
#include "files/directory_record.hpp"

namespace fermata::admin {

/// The DICOMDIR of a study's files (PS3.3 Annex F, PS3.10 8.6): a patient, a study, its series and their instances,
/// made of what the index knows. Text is UTF-8, as (0008,0005) of each record says.
///
/// **Thread**: one at a time. **Errors**: corrupt (a header that is none), invalid (a value that is too long).
class DicomDirectory {
 public:
  /// Instances of one study come series by series. `file_id` has "\" between its parts.
  void add(const InstanceRecord& instance, std::string_view file_id);
  /// The complete file.
  std::vector<std::byte> file() const;

 private:
  /// A record on its way: what of it does not depend on where others are.
  struct Record {
    int level;  ///< 0: patient, 3: instance
    std::vector<std::byte> after_links;
  };
  void add_record(int level, const RecordType& type, const InstanceRecord& instance, std::string_view file_id);
  static void patch(std::vector<std::byte>& file, std::size_t at, std::size_t value);
  void link(std::vector<std::byte>& file, const std::vector<std::size_t>& offsets) const;

  std::vector<Record> records_;
  std::string series_;
  int series_count_ = 0;
  int instance_count_ = 0;
};

}  // namespace fermata::admin
