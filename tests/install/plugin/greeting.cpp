#include "greeting.hpp"

#include <cstdio>

#include "fermata/error.hpp"

int32_t Greeting::run(std::span<const std::string_view> arguments) {
  if (arguments.size() != 1) throw fermata::Error(fermata::Code::invalid, "greet takes one name");
  std::printf("%s, %s!\n", word_.c_str(), std::string(arguments[0]).c_str());
  return 0;
}
