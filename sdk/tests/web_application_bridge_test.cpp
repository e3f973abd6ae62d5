#include <catch2/catch.hpp>

#include <string>

#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "fermata/web_application.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

class KeptExtensions final : public WebApplication {
 public:
  void add(const WebExtension& e) override {
    if (e.id == "taken") throw Error(Code::conflict, "there is an extension taken already");
    seen = std::to_string(static_cast<uint32_t>(e.kind)) + " " + std::string(e.id) + " " + std::string(e.label_en) +
           "/" + std::string(e.label_de) + " " + std::string(e.url) + " " + std::string(e.permission) +
           (e.new_tab ? " in a new tab" : "");
  }
  std::string seen;
};

}  // namespace

TEST_CASE("an extension of the web application crosses with all that is said of it") {
  KeptExtensions extensions;
  const auto remote = through_boundary<WebApplication>(extensions);
  remote->add({WebExtension::Kind::study_action, "viewer", "Open", "Öffnen", "/v?s={study}", "studies.read", true});
  CHECK(extensions.seen == "1 viewer Open/Öffnen /v?s={study} studies.read in a new tab");
  remote->add({WebExtension::Kind::settings_form, "form", "Form", "Formular", "/form", "", false});
  CHECK(extensions.seen == "2 form Form/Formular /form ");
}

TEST_CASE("an extension that can't be added says why through the boundary") {
  KeptExtensions extensions;
  const auto remote = through_boundary<WebApplication>(extensions);
  CHECK(code_of([&] {
          remote->add({WebExtension::Kind::page, "taken", "a", "b", "/x", "", false});
        }) == Code::conflict);
}
