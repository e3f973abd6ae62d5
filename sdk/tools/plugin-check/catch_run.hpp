#pragma once
#include <functional>
#include <string>

namespace fermata::plugin_check {

/// How a child process says how its case went.
enum CaseCode : int { kCasePassed = 0, kCaseFailed = 1, kCaseSkipped = 77 };

/// Runs `body` as a test case of Catch2 in this process. What failed is written to standard output, and why it was
/// skipped.
int run_with_catch(const std::string& title, const std::function<void()>& body);

}  // namespace fermata::plugin_check
