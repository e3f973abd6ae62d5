#pragma once
#include <cstdint>
#include <string>

#include "fermata/http_router.hpp"

namespace fermata::accounts {

/// Why a request gets no other answer than a status with a problem body (RFC 9457), where the codes of Error say too
/// little. `ApiRoutes` turns it into that answer. **Thread**: a value.
class Problem : public Error {
 public:
  Problem(uint32_t status, const std::string& detail, int64_t retry_after = 0)
      : Error(Code::refused, detail), status_(status), retry_after_(retry_after) {}
  uint32_t status() const noexcept { return status_; }
  int64_t retry_after() const noexcept { return retry_after_; }  ///< seconds; 0: not said

 private:
  uint32_t status_;
  int64_t retry_after_;
};

/// Answers with the problem's status and body.
void answer(HttpResponse& response, const Problem& problem);

}  // namespace fermata::accounts
