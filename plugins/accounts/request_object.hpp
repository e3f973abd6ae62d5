#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account.hpp"
#include "fermata/http_router.hpp"

namespace fermata::accounts {

/// The body of a request: one JSON object, whose members have to be of those that are known.
///
/// **Thread**: one at a time. **Ownership**: its own copy. **Errors**: Problem 413 and 415, invalid (no JSON object, a
/// member that is unknown, missing, or of another type; the message names it and never holds its value).
class RequestObject {
 public:
  RequestObject(HttpRequest& request, std::initializer_list<std::string_view> members);

  bool has(std::string_view member) const;
  bool is_null(std::string_view member) const;  ///< absent, or null
  std::string text(std::string_view member) const;
  std::string text_or(std::string_view member, std::string_view otherwise) const;
  bool flag(std::string_view member) const;
  int64_t number(std::string_view member) const;
  std::vector<std::string> texts(std::string_view member) const;
  /// {"all_of": [...]}; nothing where it is null.
  std::vector<VisibilityRule> visibility(std::string_view member) const;

 private:
  const boost::json::value& at(std::string_view member) const;

  boost::json::object object_;
};

}  // namespace fermata::accounts
