#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace fermata::imports {

/// One run of an import: a job of the queue, or a program that does nothing else. **Thread**: one; `cancelled` any.
class ImportRun {
 public:
  virtual ~ImportRun() = default;
  /// Names this import, in its report's file name and, as "IMPORT-" and this, as the origin of its objects.
  virtual std::string name() = 0;
  /// What the last run saved; empty in the first one.
  virtual std::string checkpoint() = 0;
  virtual void save(const std::string& checkpoint) = 0;  ///< durable when it returns
  virtual void progress(uint64_t done, uint64_t total, std::string_view message) = 0;
  virtual bool cancelled() = 0;
};

}  // namespace fermata::imports
