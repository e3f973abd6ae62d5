#pragma once
#include <cstdint>
#include <string>

#include "fermata/http_router.hpp"

namespace fermata::dicomweb {

/// Why a request gets no other answer than a status with a problem body (RFC 9457), where the codes of Error say too
/// little. `Routes` turns it into that answer, so throw it before the first byte of a body.
///
/// **Thread**: a value.
class Problem : public Error {
 public:
  Problem(uint32_t status, const std::string& detail)
      : Error(status == 404 || status == 410 ? Code::not_found : Code::invalid, detail), status_(status) {}
  uint32_t status() const noexcept { return status_; }

 private:
  uint32_t status_;
};

/// 406: `available` says what can be had instead.
[[noreturn]] void refuse_as_not_acceptable(const std::string& available);

/// Answers with the problem's status and body.
void answer(HttpResponse& response, const Problem& problem);

}  // namespace fermata::dicomweb
