#include "routes.hpp"

namespace fermata::dicomweb {

void Routes::add(std::string_view method, std::string_view path, std::string_view permission, Answer answer) {
  auto& handler = handlers_.emplace_back(std::move(answer));
  const auto whole = root_ + std::string(path);
  router_.add({method, whole, permission}, handler);
}

}  // namespace fermata::dicomweb
