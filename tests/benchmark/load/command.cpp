#include "command.hpp"

#include "bytes.hpp"

namespace fermata::benchmark {

void Command::add(unsigned element, const std::string& value) {
  put16le(elements_, 0);
  put16le(elements_, element);
  put32le(elements_, value.size());
  elements_ += value;
}

Command& Command::uid(unsigned element, std::string value) {
  if (value.size() % 2 != 0) value += '\0';
  add(element, value);
  return *this;
}

Command& Command::text(unsigned element, std::string value) {
  if (value.size() % 2 != 0) value += ' ';
  add(element, value);
  return *this;
}

Command& Command::number(unsigned element, unsigned value) {
  std::string encoded;
  put16le(encoded, value);
  add(element, encoded);
  return *this;
}

std::string Command::encoded() const {
  std::string s;
  put32le(s, 0);
  put32le(s, 4);
  put32le(s, elements_.size());
  return s + elements_;
}

std::string request(CommandField field, std::string_view sop_class, bool with_data, std::string_view instance,
                    std::string_view destination) {
  Command c;
  c.uid(0x0002, std::string(sop_class)).number(0x0100, static_cast<unsigned>(field)).number(0x0110, 1);
  if (!destination.empty()) c.text(0x0600, std::string(destination));
  if (with_data) c.number(0x0700, 0);
  c.number(0x0800, with_data ? 1 : 0x0101);
  if (!instance.empty()) c.uid(0x1000, std::string(instance));
  return c.encoded();
}

std::string_view value_of(std::string_view command, unsigned element) {
  for (std::size_t at = 0; at + 8 <= command.size();) {
    const auto length = number32le(command, at + 4);
    if (number16le(command, at + 2) == element) return command.substr(at + 8, length);
    at += 8 + length;
  }
  return {};
}

std::size_t number_of(std::string_view command, unsigned element) {
  const auto value = value_of(command, element);
  return value.size() >= 2 ? number16le(value, 0) : 0;
}

}  // namespace fermata::benchmark
