#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace fermata::host {

/// A place in a text; line and column count from 1. Line 0: the text as a whole.
struct Location {
  std::string name;
  int line = 0;
  int column = 0;
};

struct Problem {
  Location location;
  std::string message;
};

/// Collects everything that is wrong with a configuration, so that one look at it is enough to put all of it right.
///
/// **Thread**: one at a time.
class Problems {
 public:
  void add(Location location, std::string message);
  /// Gives the problems from number `first` on, as far as they have no line, this location.
  void relocate(std::size_t first, const Location& location);
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  const std::vector<Problem>& list() const { return list_; }

  /// One `name:line:column: message` a line, in the order of the text.
  std::string text() const;

 private:
  std::vector<Problem> list_;
};

}  // namespace fermata::host
