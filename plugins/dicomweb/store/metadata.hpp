#pragma once
#include <string>

#include "store/data_set_draft.hpp"

namespace fermata::dicomweb {

/// One instance as a client describes it in JSON or XML (PS3.18 10.5.1.2): its data set, without file meta information
/// and group lengths.
struct Metadata {
  DraftedDataSet data_set;
  std::string transfer_syntax_uid;  ///< (0002,0010) where the client says it; otherwise empty
};

}  // namespace fermata::dicomweb
