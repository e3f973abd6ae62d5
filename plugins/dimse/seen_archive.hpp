#pragma once
#include <optional>

#include "fermata/visible_studies.hpp"
#include "service.hpp"

namespace fermata::dimse {

/// The archive as far as an association's user may see it: all of it where nobody was identified.
///
/// **Thread**: one at a time. **Ownership**: archive and session outlive it; it outlives its cursors.
class SeenArchive {
 public:
  SeenArchive(Archive& archive, const Session& session) : archive_(archive) {
    if (session.user != nullptr) visible_.emplace(archive, *session.user);
  }
  Archive& operator*() { return visible_ ? *visible_ : archive_; }
  Archive* operator->() { return &**this; }

 private:
  Archive& archive_;
  std::optional<VisibleArchive> visible_;
};

}  // namespace fermata::dimse
