#include "api/routes.hpp"

#include <utility>

namespace fermata::api {

void Routes::add(std::string_view method, std::string_view path, std::string_view permission,
                 const Operation& operation, Answer answer) {
  const auto description = operation_text(operation, path);
  router_.add({method, path, permission, description}, handlers_.emplace_back(std::move(answer)));
}

}  // namespace fermata::api
