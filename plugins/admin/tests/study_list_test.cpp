#include "studies/study_list.hpp"

#include <catch2/catch.hpp>

#include "fermata/visible_studies.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using testing::Image;
using Texts = std::vector<std::string>;

/// Studies of three patients.
struct Listed : testing::Scene {
  Listed() {
    add("1", {.date = "20240101", .description = "CT Thorax", .patient_name = "Müller-Lüdenscheidt^Jana"});
    add("2", {.date = "20240103", .accession_number = "A77", .modality = "MR", .patient_name = "Doe^Jane"});
    add("3", {.date = "20240102", .description = "Knie", .patient_name = "Doe^John", .patient_id = "JANITOR"});
    add("4", {.date = "20240102", .time = "235900", .patient_name = "Yamada^Tarou=山田^太郎", .patient_id = "X1"});
  }
  void add(const std::string& uid, Image image) {
    image.study = uid;
    image.series = uid + ".1";
    image.instance = uid + ".1.1";
    store(image);
    descriptions.add(image.description);
  }
  StudyList::Page page(const std::string& query, testing::GivenRequest sender = {}) {
    VisibleArchive visible(*stores.service, sender);
    return StudyList(labels, descriptions).page(visible, StudyFilter::parse(QueryParameters(query)));
  }
  Texts found(const std::string& query, const testing::GivenRequest& sender = {}) {
    Texts uids;
    for (const auto& item : page(query, sender).items) uids.emplace_back(item.at("study_instance_uid").as_string());
    return uids;
  }
  LabelStore labels{stores.state};
  DescriptionStore descriptions{stores.state};
};

}  // namespace

TEST_CASE("all studies are listed newest first, page by page") {
  Listed list;
  CHECK(list.found("") == Texts{"2", "4", "3", "1"});
  CHECK(list.found("offset=1&limit=2") == Texts{"4", "3"});
  CHECK(list.page("limit=3").more);
  CHECK_FALSE(list.page("limit=4").more);
  CHECK(list.found("limit=0").empty());
}

TEST_CASE("studies are listed in the order asked for, and so is what a search finds") {
  Listed list;
  list.add("5", {.date = "", .patient_name = "Adams^Zoe"});
  list.add("6", {.date = "20231231", .patient_name = ""});
  CHECK(list.found("order=newest_first") == Texts{"2", "4", "3", "1", "6", "5"});
  CHECK(list.found("order=oldest_first") == Texts{"6", "1", "3", "4", "2", "5"});
  CHECK(list.found("order=patient_name") == Texts{"5", "2", "3", "1", "4", "6"});
  CHECK(list.found("order=patient_name_reversed") == Texts{"4", "1", "3", "2", "5", "6"});
  CHECK(list.found("order=oldest_first&offset=1&limit=2") == Texts{"1", "3"});
  CHECK(list.found("search=jan&order=oldest_first") == Texts{"1", "3", "2"});
  CHECK(list.found("search=jan&order=patient_name") == Texts{"2", "3", "1"});
  CHECK(list.found("search=jan&order=patient_name_reversed") == Texts{"1", "3", "2"});
}

TEST_CASE("a word is found in name, ID, accession number and description, each study once") {
  Listed list;
  CHECK(list.found("search=jan") == Texts{"2", "3", "1"});
  CHECK(list.found("search=A77") == Texts{"2"});
  CHECK(list.found("search=thorax") == Texts{"1"});
  CHECK(list.found("search=x1") == Texts{"4"});
  CHECK(list.found("search=%E5%B1%B1") == Texts{"4"});
  CHECK(list.found("search=d") == Texts{"2", "3"});
}

TEST_CASE("case and accents don't count, and only beginnings of words do") {
  Listed list;
  CHECK(list.found("search=THORAX") == Texts{"1"});
  CHECK(list.found("search=KNIE") == Texts{"3"});
  CHECK(list.found("search=LUDEN") == Texts{"1"});
  CHECK(list.found("search=m%C3%BCll") == Texts{"1"});
  CHECK(list.found("search=denscheidt").empty());
  CHECK(list.found("search=orax").empty());
}

TEST_CASE("a description that is not known yet is found by its beginning") {
  Listed list;
  list.store({.study = "5", .series = "5.1", .instance = "5.1.1", .description = "Hand links"});
  CHECK(list.found("search=hand") == Texts{"5"});
  CHECK(list.found("search=links").empty());
}

TEST_CASE("every word has to be found") {
  Listed list;
  CHECK(list.found("search=doe+ja") == Texts{"2", "3"});
  CHECK(list.found("search=Doe,+Jane") == Texts{"2"});
  CHECK(list.found("search=doe+thorax").empty());
  CHECK(list.found("search=*%5C%3F") == Texts{"2", "4", "3", "1"});
}

TEST_CASE("a search has pages too") {
  Listed list;
  CHECK(list.found("search=jan&limit=1") == Texts{"2"});
  CHECK(list.found("search=jan&limit=1&offset=1") == Texts{"3"});
  CHECK(list.page("search=jan&limit=2").more);
  CHECK_FALSE(list.page("search=jan&limit=3").more);
}

TEST_CASE("filters restrict a search, also by the attribute that is searched") {
  Listed list;
  CHECK(list.found("search=jan&modality=MR,US") == Texts{"2"});
  CHECK(list.found("search=jan&patient_name=Doe") == Texts{"2", "3"});
  CHECK(list.found("patient_id=JAN*") == Texts{"3"});
  CHECK(list.found("patient_id=JAN").empty());
  CHECK(list.found("patient_name=doe,+ja") == Texts{"2"});
  CHECK(list.found("date_from=20240102&date_to=20240102") == Texts{"4", "3"});
  CHECK(list.found("modality=us").empty());
}

TEST_CASE("a filter that can't be is refused") {
  Listed list;
  for (const auto* query : {"limit=501", "limit=x", "offset=-1", "date_from=2024", "date_to=2024010x", "order=tallest"})
    CHECK(testing::code_of([&] { list.page(query); }) == Code::invalid);
}

TEST_CASE("studies are found by a label") {
  Listed list;
  CHECK(list.found("label=rare").empty());
  list.labels.set("1", {"rare"});
  list.labels.set("3", {"rare", "teaching"});
  list.labels.set("gone", {"rare"});
  CHECK(list.found("label=rare") == Texts{"3", "1"});
  CHECK(list.found("label=rare&search=thorax") == Texts{"1"});
  CHECK(list.page("label=teaching").items.at(0).at("labels").as_array().size() == 2);
}

TEST_CASE("more studies than one key can name are found by a label") {
  Listed list;
  for (int i = 0; i < 1200; ++i) list.labels.set("9." + std::to_string(i), {"many"});
  list.labels.set("1", {"many"});
  list.labels.set("4", {"many"});
  CHECK(list.found("label=many") == Texts{"4", "1"});
}

TEST_CASE("who may not see a study does not find it, and pages have no gaps") {
  Listed list;
  testing::GivenRequest sender;
  sender.visible_studies = {"1", "2", "3"};
  CHECK(list.found("limit=2", sender) == Texts{"2", "3"});
  CHECK(list.found("limit=1&offset=1", sender) == Texts{"3"});
  CHECK(list.page("limit=2", sender).more);
  CHECK_FALSE(list.page("limit=3", sender).more);
  CHECK(list.found("search=x1", sender).empty());
}

}  // namespace fermata::admin
