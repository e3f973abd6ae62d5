#pragma once
#include <string>
#include <vector>

namespace fermata::imports {

/// What another program's database says of a study, beside its objects.
struct KnownStudy {
  std::string study;
  std::vector<std::string> labels;
  std::string note;     ///< several lines
  std::string problem;  ///< not empty: what was left out, and why
};

/// Studies one after the other. **Thread**: one at a time. **Errors**: io, invalid (not such a database).
class StudyKnowledge {
 public:
  virtual ~StudyKnowledge() = default;
  virtual std::string program() = 0;  ///< whose notes these are: "Horos"
  virtual bool next(KnownStudy& study) = 0;
};

}  // namespace fermata::imports
