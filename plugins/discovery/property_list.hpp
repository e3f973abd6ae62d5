#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace fermata::discovery {

/// Writes a property list whose root is an array of dictionaries, in Apple's XML form.
///
/// **Thread**: a value.
class PropertyList {
 public:
  PropertyList();

  void begin();  ///< a dictionary; keys are added to the latest one
  void add(std::string_view key, std::string_view value);
  void add(std::string_view key, const char* value) { add(key, std::string_view(value)); }
  void add(std::string_view key, int64_t value);
  void add(std::string_view key, bool value);
  void end();
  std::string finished() &&;

 private:
  void add_element(std::string_view key, std::string_view element);

  std::string xml_;
};

}  // namespace fermata::discovery
