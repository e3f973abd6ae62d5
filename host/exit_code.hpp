#pragma once
#include <sysexits.h>

#include "fermata/error.hpp"

namespace fermata::host {

/// How the program ends, in the numbers of sysexits.h, which service managers know how to show.
enum class ExitCode : int {
  ok = EX_OK,
  usage = EX_USAGE,              ///< the command line is wrong
  unavailable = EX_UNAVAILABLE,  ///< a required plugin could not start
  failure = EX_SOFTWARE,         ///< something failed while running
  configuration = EX_CONFIG,     ///< the configuration is wrong: a restart does not help
};

/// What a plugin finds wrong with its options is a wrong configuration like any other.
inline ExitCode exit_code(const Error& error) {
  return error.code() == Code::invalid ? ExitCode::configuration : ExitCode::unavailable;
}

}  // namespace fermata::host
