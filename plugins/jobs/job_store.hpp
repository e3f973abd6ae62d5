#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "fermata/state_store.hpp"
#include "job_record.hpp"

namespace fermata::jobs {

/// Jobs in the state store, each a document. **Thread**: any. **Errors**: those of the state store, corrupt,
/// unsupported.
class JobStore {
 public:
  explicit JobStore(StateStore& store) : store_(store) {}

  /// In the order of their numbers. What can't be read is passed to `problem` and left out.
  void for_each(const std::function<void(JobRecord&&)>& visit,
                const std::function<void(const std::string&)>& problem) const;
  bool add(const JobRecord& job);  ///< false: its number is taken
  void write(const JobRecord& job);
  void remove(uint64_t id);
  /// **Errors**: also not_found.
  JobRecord read(uint64_t id) const;

 private:
  StateStore& store_;
};

}  // namespace fermata::jobs
