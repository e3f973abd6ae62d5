#pragma once
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/config.hpp"

namespace fermata::testing {

/// A plugin's configuration as a test writes it, in JSON: `GivenConfig(R"({"port": 104, "hosts": ["a", "b"]})")`. The
/// host makes it from YAML, checks it against the schema and fills in defaults: here all of it has to be written.
///
/// **Ownership**: owns what `config` shows. **Errors**: std::invalid_argument where the text is not JSON; of escapes it
/// knows \" \\ \/ \n and \t.
class GivenConfig {
 public:
  explicit GivenConfig(std::string_view json) : rest_(json) {
    root_ = value();
    space();
    if (!rest_.empty()) fail("the end");
  }
  GivenConfig(const GivenConfig&) = delete;
  GivenConfig& operator=(const GivenConfig&) = delete;
  Config config() const { return Config(&root_); }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    throw std::invalid_argument("expected " + expected + " before: " + std::string(rest_.substr(0, 30)));
  }
  void space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n\t"), rest_.size())); }
  bool take(std::string_view text) {
    space();
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  fermata_value value() {
    fermata_value v{};
    if (take("{")) return list(FERMATA_VALUE_OBJECT, "}");
    if (take("[")) return list(FERMATA_VALUE_ARRAY, "]");
    if (take("\"")) {
      v.kind = FERMATA_VALUE_STRING;
      v.text = text();
    } else if (const bool yes = take("true"); yes || take("false")) {
      v.kind = FERMATA_VALUE_BOOLEAN;
      v.integer = yes ? 1 : 0;
    } else if (!take("null")) {
      return number();
    }
    return v;
  }

  fermata_value number() {
    fermata_value v{};
    const auto digits = rest_.substr(0, rest_.find_first_not_of("+-.eE0123456789"));
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), v.integer);
    if (digits.empty() || failure != std::errc()) fail("a value");
    v.kind = FERMATA_VALUE_INTEGER;
    if (end != digits.data() + digits.size()) {
      v.kind = FERMATA_VALUE_NUMBER;
      v.number = std::strtod(std::string(digits).c_str(), nullptr);
    }
    rest_.remove_prefix(digits.size());
    return v;
  }

  /// What follows the quotation mark.
  fermata_str text() {
    auto& kept = texts_.emplace_back();
    while (!rest_.empty() && rest_.front() != '"') {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\\') {
        if (rest_.empty() || std::string_view("\"\\/nt").find(rest_.front()) == std::string_view::npos)
          fail("an escape");
        c = rest_.front() == 'n' ? '\n' : rest_.front() == 't' ? '\t' : rest_.front();
        rest_.remove_prefix(1);
      }
      kept += c;
    }
    if (!take("\"")) fail("a quotation mark");
    return bridge::str(kept);
  }

  fermata_value list(uint32_t kind, const char* end) {
    std::vector<fermata_value> items;
    for (bool first = true; !take(end); first = false) {
      if (!first && !take(",")) fail("a comma");
      fermata_str key{};
      if (kind == FERMATA_VALUE_OBJECT) {
        if (!take("\"")) fail("a name");
        key = text();
        if (!take(":")) fail("a colon");
      }
      items.push_back(value());
      items.back().key = key;
    }
    fermata_value v{};
    v.kind = kind;
    v.items = lists_.emplace_back(std::move(items)).data();
    v.count = lists_.back().size();
    return v;
  }

  std::string_view rest_;
  std::deque<std::string> texts_;
  std::deque<std::vector<fermata_value>> lists_;
  fermata_value root_{};
};

}  // namespace fermata::testing
