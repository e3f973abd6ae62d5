#pragma once
#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace fermata::testing {

/// One thing that every provider of an interface has to do: a sentence, and how it is tried on a subject that is empty.
template <class Subject>
struct Check {
  const char* name;
  void (*run)(Subject&);
};

/// Thrown by a check that can't be made on its subject; the reason says what would have to be different.
class SkippedCheck : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Runs every check, as a section of its own, on a new subject and on another one seen through the C boundary.
template <class ThroughBoundary, class Subject>
void run_checks(std::span<const Check<Subject>> checks, const std::function<std::unique_ptr<Subject>()>& make) {
  const auto run = [](const Check<Subject>& check, Subject& subject) {
    try {
      check.run(subject);
    } catch (const SkippedCheck&) {
      SUCCEED("not for this subject");
    }
  };
  for (const auto& check : checks) {
    DYNAMIC_SECTION(check.name) { run(check, *make()); }
    DYNAMIC_SECTION(check.name << ", through the C boundary") {
      ThroughBoundary subject(make());
      run(check, subject);
    }
  }
}

}  // namespace fermata::testing
