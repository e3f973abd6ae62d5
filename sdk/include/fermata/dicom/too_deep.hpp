#pragma once
#include "fermata/error.hpp"

namespace fermata::dicom {

/// A data set that goes beyond 64 sequences within sequences. To be told from others, so that it can be counted.
class TooDeep : public Error {
 public:
  TooDeep() : Error(Code::corrupt, "sequences of this data set are nested too deeply") {}
};

}  // namespace fermata::dicom
