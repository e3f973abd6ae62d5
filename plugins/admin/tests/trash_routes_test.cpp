#include "studies/trash_routes.hpp"

#include <catch2/catch.hpp>

#include "scene.hpp"
#include "studies/study_record.hpp"

namespace fermata::admin {
namespace {

using namespace std::chrono_literals;
using testing::code_of;
using testing::GivenRequest;

/// Only remembers what it was told.
class FakeTrash final : public Trash {
 public:
  uint64_t discard(std::string_view study, std::string_view user, int64_t purge_us) override {
    study_ = study;
    user_ = user;
    purge_us_ = purge_us;
    return 3;
  }
  uint64_t restore(std::string_view study) override { return forget(study); }
  uint64_t purge(std::string_view study) override { return forget(study); }
  std::unique_ptr<DiscardedStudyCursor> list() override { return std::make_unique<Cursor>(*this); }

 private:
  class Cursor final : public DiscardedStudyCursor {
   public:
    explicit Cursor(const FakeTrash& trash) : trash_(trash), identifier_(study_identifier({})) {}
    bool next(DiscardedStudy& study) override {
      if (done_ || trash_.study_.empty()) return false;
      done_ = true;
      study = {trash_.study_, identifier_, trash_.user_, 1'000'000, trash_.purge_us_, 3, 300};
      return true;
    }

   private:
    const FakeTrash& trash_;
    const std::vector<std::byte> identifier_;
    bool done_ = false;
  };
  uint64_t forget(std::string_view study) {
    if (study != study_) throw Error(Code::not_found, "not in the trash");
    study_.clear();
    return 3;
  }
  std::string study_;
  std::string user_;
  int64_t purge_us_ = 0;
};

struct Discarding : testing::Scene {
  Discarding() {
    routes_of_trash.add_to(routes);
    store({});
  }
  FakeTrash trash;
  LabelStore labels{stores.state};
  TrashRoutes routes_of_trash{*stores.service, &trash, labels, 24h, AuditNotes(nullptr)};
};

GivenRequest from_jane() {
  GivenRequest request;
  request.user_given = "jane";
  return request;
}

}  // namespace

TEST_CASE("a study goes into the trash, and out of it again") {
  Discarding scene;
  const auto discarded = scene.json("DELETE", "/api/studies/1.2.3", from_jane());
  CHECK(discarded.at("instances") == 3);
  CHECK(discarded.at("purge_at").as_string().size() == 20);
  const auto item = scene.get("/api/trash").at("items").at(0);
  CHECK(item.at("study_instance_uid") == "1.2.3");
  CHECK(item.at("user") == "jane");
  CHECK(item.at("discarded_at") == "1970-01-01T00:00:01Z");
  CHECK(item.at("bytes") == 300);
  CHECK(scene.json("POST", "/api/trash/1.2.3/restore").at("instances") == 3);
  CHECK(scene.get("/api/trash").at("items").as_array().empty());
}

TEST_CASE("a study that is deleted for good takes its labels along") {
  Discarding scene;
  scene.labels.set("7.7", {"rare"});
  scene.trash.discard("7.7", "", 0);
  CHECK(scene.call("DELETE", "/api/trash/7.7").code == 204);
  CHECK(scene.labels.of("7.7").empty());
  CHECK(code_of([&] { scene.call("DELETE", "/api/trash/7.7"); }) == Code::not_found);
}

TEST_CASE("nobody deletes or restores a study that they may not see") {
  Discarding scene;
  GivenRequest request;
  request.visible_studies = {"1"};
  CHECK(code_of([&] { scene.call("DELETE", "/api/studies/1.2.3", request); }) == Code::not_found);
  scene.trash.discard("1.2.3", "", 0);
  CHECK(scene.get("/api/trash", request).at("items").as_array().empty());
  CHECK(code_of([&] { scene.call("POST", "/api/trash/1.2.3/restore", request); }) == Code::not_found);
  CHECK(code_of([&] { scene.call("DELETE", "/api/trash/1.2.3", request); }) == Code::not_found);
}

TEST_CASE("without a trash its routes say so") {
  testing::Scene scene;
  scene.store({});
  LabelStore labels(scene.stores.state);
  TrashRoutes trash(*scene.stores.service, nullptr, labels, 24h, AuditNotes(nullptr));
  trash.add_to(scene.routes);
  CHECK(code_of([&] { scene.call("DELETE", "/api/studies/1.2.3"); }) == Code::unsupported);
  CHECK(code_of([&] { scene.call("GET", "/api/trash"); }) == Code::unsupported);
}

}  // namespace fermata::admin
