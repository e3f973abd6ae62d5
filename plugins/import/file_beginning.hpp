#pragma once
#include <string>
#include <vector>

#include "sources/byte_stream.hpp"

namespace fermata::imports {

/// What stands before a data set, and how much of that had to be read to know it: of a DICOM file (PS3.10 7.1), of one
/// that lacks its preamble, or of a data set alone in one of the two syntaxes that can be told apart.
struct FileBeginning {
  std::string transfer_syntax_uid;
  std::string sop_class_uid;     ///< empty: nothing says it before the data set
  std::string sop_instance_uid;  ///< likewise
  std::vector<std::byte> data;   ///< the data set's first bytes

  /// **Errors**: corrupt (this is no DICOM file, or a DICOMDIR; its text says what it is), and those of the stream.
  static FileBeginning read(ByteStream& stream);
};

}  // namespace fermata::imports
