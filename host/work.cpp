#include "work.hpp"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "fermata/error.hpp"
#include "wrong_configuration.hpp"

namespace fermata::host {
namespace {

constexpr std::chrono::seconds kLastLines{5};  // for the log to be written to its end

std::unique_ptr<Log> open_log(const LogSettings& settings) {
  try {
    return std::make_unique<Log>(settings);
  } catch (const Error& e) {
    throw WrongConfiguration(std::string("fermata: ") + e.what() + '\n');
  }
}

}  // namespace

Work::Work(Configuration settings, Assembly assembled, const LogSettings& log_settings)
    : configuration(std::move(settings)),
      assembly(std::move(assembled)),
      log(open_log(log_settings)),
      application(assembly, *log, events, configuration.start_deadline()) {}

void Work::end_without_plugins(int code) {
  log->flush(kLastLines);
  ::_exit(code);
}

}  // namespace fermata::host
