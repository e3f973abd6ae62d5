#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace fermata::benchmark {

/// Command Field (PS3.7 E.1).
enum class CommandField : unsigned { store = 0x0001, get = 0x0010, find = 0x0020, move = 0x0021, echo = 0x0030 };
inline constexpr unsigned kResponse = 0x8000;
inline constexpr std::size_t kPending = 0xff00;
inline constexpr std::size_t kPendingWarning = 0xff01;

/// Builds a command set: elements of group 0000 in ascending order, Implicit VR Little Endian.
class Command {
 public:
  Command& uid(unsigned element, std::string value);
  Command& text(unsigned element, std::string value);
  Command& number(unsigned element, unsigned value);
  /// With its group length.
  std::string encoded() const;

 private:
  void add(unsigned element, const std::string& value);
  std::string elements_;
};

std::string request(CommandField field, std::string_view sop_class, bool with_data, std::string_view instance = {},
                    std::string_view destination = {});

/// The value of an element of an encoded command set; empty if it has none.
std::string_view value_of(std::string_view command, unsigned element);
/// Of a US element; 0 if there is none.
std::size_t number_of(std::string_view command, unsigned element);

}  // namespace fermata::benchmark
