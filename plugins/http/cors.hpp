#pragma once
#include <string>

#include "access.hpp"
#include "fields.hpp"
#include "request_head.hpp"

namespace fermata::http {

/// What tells a browser whether pages of another site may read an answer (CORS protocol, Fetch Standard 3.2).
///
/// **Thread**: any number at once. **Ownership**: `access` stays the caller's.
class Cors {
 public:
  /// `credentials`: pages of the allowed sites may send cookies along.
  Cors(const Access& access, bool configured, bool credentials)
      : access_(access), configured_(configured), credentials_(credentials) {}

  Fields of_answer(const RequestHead& head) const;
  /// Beside those: what an answer to OPTIONS says about a path with these methods.
  Fields of_preflight(const RequestHead& head, const std::string& methods) const;

 private:
  bool allows(const RequestHead& head) const;

  const Access& access_;
  const bool configured_;
  const bool credentials_;
};

}  // namespace fermata::http
