#pragma once
#include <stdexcept>

namespace fermata::host {

/// The configuration is wrong: what() is the list of all that is, a line each.
class WrongConfiguration : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace fermata::host
