#pragma once
#include <optional>
#include <string>

#include "api/routes.hpp"
#include "fermata/audit_trail.hpp"
#include "stored_worklist.hpp"

namespace fermata::worklist {

/// The worklist over HTTP: what is scheduled, entries by hand, cancelling and removing.
///
/// Who may not see all studies sees the items of those that they may see. *Used by* the plugin. **Thread**: any.
/// **Ownership**: borrows worklist and trail; `trail` may be null. **Errors**: invalid, not_found, io.
class WorklistRoutes {
 public:
  WorklistRoutes(StoredWorklist& worklist, AuditTrail* trail, std::string folder)
      : worklist_(worklist), trail_(trail), folder_(std::move(folder)) {}
  void add_to(HttpRouter& router);

 private:
  void list(HttpRequest& request, HttpResponse& response) const;
  void add(HttpRequest& request, HttpResponse& response);
  void set_status(HttpRequest& request, HttpResponse& response);
  void remove(HttpRequest& request, HttpResponse& response);
  ItemPtr named(HttpRequest& request) const;
  void note(HttpRequest& request, const Item& item, std::string_view detail) const;

  StoredWorklist& worklist_;
  AuditTrail* const trail_;
  const std::string folder_;  ///< that is watched; empty: none
  std::optional<api::Routes> routes_;
};

}  // namespace fermata::worklist
