#pragma once
#include "fermata/journal.hpp"

namespace fermata::dimse {

/// Takes what DCMTK writes to its log into ours, at debug level: DCMTK's messages may quote data sets.
///
/// DCMTK has one log for the whole process, which otherwise goes to standard error. **Thread**: made and ended while no
/// other thread uses DCMTK; DCMTK calls it from any. **Ownership**: the journal outlives it.
class DcmtkLog {
 public:
  /// `wanted`: there is somebody who reads debug lines; if not, DCMTK need not make them up.
  DcmtkLog(const Journal& journal, bool wanted);
  ~DcmtkLog();
  DcmtkLog(const DcmtkLog&) = delete;
  DcmtkLog& operator=(const DcmtkLog&) = delete;
};

}  // namespace fermata::dimse
