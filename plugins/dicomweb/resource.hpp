#pragma once
#include <array>
#include <string>
#include <string_view>

#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"

namespace fermata::dicomweb {

/// A study, a series or an instance, as a path names it (PS3.18 10.1). What it does not name is empty.
struct Resource {
  std::string study;
  std::string series;
  std::string instance;

  /// From the path's parameters `study`, `series` and `instance`.
  static Resource of(HttpRequest& request);

  /// "/studies/1.2/series/3.4"
  std::string path() const;
  /// "study 1.2", "series 3.4 of study 1.2": for messages.
  std::string name() const;
};

/// "/studies/1.2/series/3.4/instances/5.6"
std::string instance_path(const InstanceRecord& record);

/// All instances of a resource, as Archive::instances gives them. **Errors**: Problem 404 where there is none.
/// **Thread**: one at a time. **Ownership**: borrows nothing but the archive.
class ResourceInstances {
 public:
  ResourceInstances(Archive& archive, const Resource& resource, bool with_headers);
  bool next(InstanceRecord& record);

 private:
  std::unique_ptr<InstanceCursor> cursor_;
  InstanceRecord first_;
  bool at_first_ = true;
};

}  // namespace fermata::dicomweb
