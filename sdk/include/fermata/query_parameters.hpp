#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/json_text.hpp"
#include "fermata/error.hpp"

namespace fermata {

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
  /// Its value as a number up to `most`, which is told in the error invalid where it is none. `otherwise`, where it is
  /// absent or empty.
  uint64_t number(std::string_view name, uint64_t otherwise, uint64_t most) const;

 private:
  std::vector<QueryParameter> parameters_;
};

/// The parts of a list with commas, without spaces around them; empty parts are left out.
std::vector<std::string_view> comma_list(std::string_view text);

namespace query_detail {

inline int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

inline bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = dicom::json::utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

inline std::string decoded(std::string_view text, std::string_view parameter) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        throw Error(Code::invalid, "the query parameter " + std::string(parameter) + " has a broken % escape");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  if (!is_utf8(out)) throw Error(Code::invalid, "the query parameter " + std::string(parameter) + " is not UTF-8");
  return out;
}

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace query_detail

inline QueryParameters::QueryParameters(std::string_view query) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = pair.substr(0, equals);
    const auto value = equals == pair.size() ? std::string_view{} : pair.substr(equals + 1);
    parameters_.push_back({query_detail::decoded(name, name), query_detail::decoded(value, name)});
  }
}

inline std::optional<std::string_view> QueryParameters::find(std::string_view name) const {
  const auto found =
      std::find_if(parameters_.begin(), parameters_.end(), [&](const auto& p) { return p.name == name; });
  if (found == parameters_.end()) return {};
  return found->value;
}

inline uint64_t QueryParameters::number(std::string_view name, uint64_t otherwise, uint64_t most) const {
  const auto text = value(name);
  if (text.empty()) return otherwise;
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > most)
    throw Error(Code::invalid, std::string(name) + " has to be a number up to " + std::to_string(most));
  return number;
}

inline std::vector<std::string_view> comma_list(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = std::min(text.find(','), text.size());
    const auto part = query_detail::trimmed(text.substr(0, comma));
    if (!part.empty()) parts.push_back(part);
    if (comma == text.size()) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace fermata
