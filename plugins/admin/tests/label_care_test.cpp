#include "studies/label_care.hpp"

#include <catch2/catch.hpp>

#include "scene.hpp"

namespace fermata::admin {
namespace {

class ListedTrash final : public Trash {
 public:
  uint64_t discard(std::string_view, std::string_view, int64_t) override { return 0; }
  uint64_t restore(std::string_view) override { return 0; }
  uint64_t purge(std::string_view) override { return 0; }
  std::unique_ptr<DiscardedStudyCursor> list() override { return std::make_unique<Cursor>(studies); }

  std::vector<std::string> studies;

 private:
  class Cursor final : public DiscardedStudyCursor {
   public:
    explicit Cursor(const std::vector<std::string>& studies) : studies_(studies) {}
    bool next(DiscardedStudy& study) override {
      if (next_ == studies_.size()) return false;
      study.study_instance_uid = studies_[next_++];
      return true;
    }

   private:
    const std::vector<std::string>& studies_;
    std::size_t next_ = 0;
  };
};

struct Labelled : testing::Scene {
  Labelled() {
    store({});
    store({.study = "1.9", .series = "1.9.1", .instance = "1.9.1.1"});
    labels.set("1.9", {"teaching"});
    labels.set("1.2.3", {"teaching", "second opinion"});
    care.step();
  }
  void remove(std::string_view study) {
    stores.service->remove({.study_instance_uids = {&study, 1}});
    care.removed(study);
  }

  LabelStore labels{stores.state};
  ListedTrash trash;
  int64_t now = 0;
  LabelCare care{labels, *stores.service, &trash, [this] { return now; }};
};

}  // namespace

TEST_CASE("the labels of a study that was removed for good are forgotten, and no others") {
  Labelled scene;
  scene.remove("1.9");
  CHECK(scene.labels.of("1.9").size() == 1);
  scene.care.step();
  CHECK(scene.labels.of("1.9").empty());
  CHECK(scene.labels.studies("teaching") == std::vector<std::string>{"1.2.3"});
  CHECK(LabelStore(scene.stores.state).of("1.9").empty());
}

TEST_CASE("a study in the trash keeps its labels until it is purged, whoever purges it") {
  Labelled scene;
  scene.trash.studies = {"1.9"};
  scene.remove("1.9");
  scene.care.step();
  CHECK(scene.labels.of("1.9").size() == 1);
  scene.trash.studies.clear();
  scene.care.step();
  CHECK(scene.labels.of("1.9").size() == 1);
  scene.now += int64_t{3600} * 1'000'000;
  scene.care.step();
  CHECK(scene.labels.of("1.9").empty());
}

TEST_CASE("labels that earlier versions left behind go at the first step") {
  testing::Scene scene;
  LabelStore labels(scene.stores.state);
  labels.set("1.7", {"teaching"});
  LabelCare care(labels, *scene.stores.service, nullptr, [] { return 0; });
  care.step();
  CHECK(labels.of("1.7").empty());
}

}  // namespace fermata::admin
