#include "fermata/testing/http_routes_conformance.hpp"

#include "accounts_scene.hpp"

using namespace fermata;
using namespace fermata::accounts::testing;

TEST_CASE("the routes get on with whatever a client sends") {
  ApiScene scene;
  scene.add("root", "administrator");
  for (const auto& check : fermata::testing::kHttpRoutesChecks) DYNAMIC_SECTION(check.name) {
      check.run(scene.registered);
    }
}

TEST_CASE("every route says what it takes and gives") {
  ApiScene scene;
  std::set<std::string> ids;
  for (const auto& route : scene.registered.list()) {
    INFO(route.method << ' ' << route.path);
    const auto operation = boost::json::parse(route.operation).as_object();
    CHECK_FALSE(operation.at("summary").as_string().empty());
    CHECK(ids.insert(std::string(operation.at("operationId").as_string())).second);
    CHECK_FALSE(operation.at("responses").as_object().empty());
    const auto names = static_cast<std::size_t>(std::count(route.path.begin(), route.path.end(), '{'));
    const auto* parameters = operation.if_contains("parameters");
    CHECK((parameters == nullptr ? 0 : parameters->as_array().size()) >= names);
  }
}
