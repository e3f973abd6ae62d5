#define CATCH_CONFIG_RUNNER
#include "catch_run.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <iostream>
#include <optional>

#include "fermata/testing/conformance.hpp"

namespace fermata::plugin_check {
namespace {

const std::function<void()>* the_body = nullptr;  // Catch2 takes plain functions only
std::optional<std::string> skipped;

void run_body() {
  try {
    (*the_body)();
    SUCCEED();
  } catch (const testing::SkippedCheck& reason) {
    skipped = reason.what();
  }
}

}  // namespace

int run_with_catch(const std::string& title, const std::function<void()>& body) {
  the_body = &body;
  const Catch::AutoReg registered(Catch::makeTestInvoker(&run_body), CATCH_INTERNAL_LINEINFO, Catch::StringRef(),
                                  Catch::NameAndTags(title));
  Catch::Session session;
  const std::array<const char*, 5> words{"fermata-plugin-check", "--reporter", "compact", "--durations", "no"};
  if (session.applyCommandLine(static_cast<int>(words.size()), words.data()) != 0 || session.run() != 0)
    return kCaseFailed;
  if (!skipped) return kCasePassed;
  std::cout << *skipped << '\n';
  return kCaseSkipped;
}

}  // namespace fermata::plugin_check
