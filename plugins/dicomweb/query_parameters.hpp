#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::dicomweb {

struct QueryParameter {
  std::string name;
  std::string value;
};

/// The parameters of a request's query, decoded, in their order (PS3.18 8.3).
///
/// "+" is a space, as forms send it. **Thread**: read only, any. **Errors**: invalid (a broken "%" escape, text that is
/// no UTF-8).
class QueryParameters {
 public:
  QueryParameters() = default;
  explicit QueryParameters(std::string_view query);

  auto begin() const { return parameters_.begin(); }
  auto end() const { return parameters_.end(); }
  /// The first one of this name. Names are compared with their case.
  std::optional<std::string_view> find(std::string_view name) const;
  /// Its value, or nothing where it is absent or empty.
  std::string_view value(std::string_view name) const { return find(name).value_or(std::string_view{}); }

 private:
  std::vector<QueryParameter> parameters_;
};

/// The parts of a list with commas, without spaces around them; empty parts are left out.
std::vector<std::string_view> comma_list(std::string_view text);

}  // namespace fermata::dicomweb
