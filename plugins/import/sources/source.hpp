#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "file_result.hpp"
#include "sources/byte_stream.hpp"

namespace fermata::imports {

/// A file of a source.
struct Entry {
  std::string name;      ///< for people: its path in the source, in UTF-8
  std::string position;  ///< where to go on after it; ASCII or UTF-8, without line breaks
  /// Not empty: it is listed with this outcome, and not read.
  std::string problem;
  Outcome outcome = Outcome::unreadable;
  /// Opens it, on any thread, also when the source is further on.
  std::function<std::unique_ptr<ByteStream>()> open;
  /// In place of `open`: it can only be read before the source goes on.
  std::unique_ptr<ByteStream> stream;
};

/// Where objects come from: all files that are there, in an order that is the same each time.
///
/// **Thread**: one at a time. **Errors**: io, invalid (it can't be read as what it was taken for).
class Source {
 public:
  virtual ~Source() = default;
  /// The next `next` gives what comes after this position; empty: the first entry.
  virtual void go_on_after(std::string_view position) = 0;
  /// False: there is nothing more. What can't be looked at is an entry with a problem.
  virtual bool next(Entry& entry) = 0;
  /// How many entries there are, for the progress; 0: that is not known. `stop` ends counting.
  virtual uint64_t count(const std::function<bool()>& stop) = 0;
};

}  // namespace fermata::imports
