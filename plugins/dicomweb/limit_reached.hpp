#pragma once
#include <string>
#include <utility>

#include "problem.hpp"

namespace fermata::dicomweb {

/// A problem that is a limit which a request has reached. `limit` is it in the name of a counter.
class LimitReached : public Problem {
 public:
  LimitReached(uint32_t status, std::string limit, const std::string& detail)
      : Problem(status, detail), limit_(std::move(limit)) {}
  const std::string& limit() const noexcept { return limit_; }

 private:
  std::string limit_;
};

}  // namespace fermata::dicomweb
