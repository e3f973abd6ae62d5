#include "admission/negotiation.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "sop_classes.hpp"

using namespace fermata;
using namespace fermata::dimse;

namespace {

using Result = ContextAnswer::Result;

constexpr const char* kImplicit = "1.2.840.10008.1.2";
constexpr const char* kExplicit = "1.2.840.10008.1.2.1";
constexpr const char* kBig = "1.2.840.10008.1.2.2";
constexpr const char* kJpeg = "1.2.840.10008.1.2.4.70";
constexpr const char* kJ2k = "1.2.840.10008.1.2.4.90";
constexpr const char* kCt = "1.2.840.10008.5.1.4.1.1.2";
constexpr const char* kMr = "1.2.840.10008.5.1.4.1.1.4";
constexpr const char* kEcho = "1.2.840.10008.1.1";
constexpr const char* kFind = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr const char* kMove = "1.2.840.10008.5.1.4.1.2.2.2";
constexpr const char* kGet = "1.2.840.10008.5.1.4.1.2.2.3";
/// What viewers of the OsiriX family offer for queries and C-GET.
const std::vector<std::string> kTen = {kExplicit,
                                       kImplicit,
                                       kBig,
                                       kJ2k,
                                       "1.2.840.10008.1.2.4.91",
                                       kJpeg,
                                       "1.2.840.10008.1.2.4.50",
                                       "1.2.840.10008.1.2.4.51",
                                       "1.2.840.10008.1.2.5",
                                       "1.2.840.10008.1.2.4.100"};

class Nobody : public Service {
  void handle(Session&, const Message&) override {}
};

struct Fixture {
  explicit Fixture(bool accept_unknown_storage = true) : classes(accept_unknown_storage) {
    classes.add(kEcho, kMayEcho, service);
    classes.add(kFind, kMayQuery, service);
    classes.add(kMove, kMayRetrieve, service);
    classes.add(kGet, kMayRetrieve, service);
    classes.set_storage(service);
  }
  ContextAnswer one(const char* abstract_syntax, std::vector<std::string> syntaxes, Rights rights = kMayEverything) {
    return all({{1, abstract_syntax, std::move(syntaxes), Role::standard}}, rights).at(0);
  }
  std::vector<ContextAnswer> all(const std::vector<ContextOffer>& offers, Rights rights = kMayEverything) {
    return negotiate(offers, classes, rights, settings);
  }
  Nobody service;
  SopClasses classes;
  NegotiationSettings settings;
};

}  // namespace

TEST_CASE("storage takes the first transfer syntax offered, but Big Endian only alone") {
  Fixture f;
  struct Row {
    std::vector<std::string> offered;
    std::string accepted;
  };
  const std::vector<Row> rows = {
      {{kImplicit}, kImplicit},
      {{kExplicit}, kExplicit},
      {{kBig, kImplicit}, kImplicit},
      {{kBig, kExplicit, kImplicit}, kExplicit},
      {{kBig}, kBig},
      {{kJpeg, kExplicit}, kJpeg},
      {{kExplicit, kJ2k}, kExplicit},
      {{kBig, kJ2k}, kJ2k},
      {{"1.2.3.4.5"}, "1.2.3.4.5"},
      {{"1.2.840.10008.1.2.4.999"}, "1.2.840.10008.1.2.4.999"},
  };
  for (const auto& row : rows) {
    INFO("first of " << row.offered.size() << ": " << row.offered.front());
    const auto answer = f.one(kCt, row.offered);
    CHECK(answer.result == Result::accepted);
    CHECK(answer.transfer_syntax == row.accepted);
  }
}

TEST_CASE("private transfer syntaxes can be switched off") {
  Fixture f;
  f.settings.accept_unknown_transfer_syntaxes = false;
  CHECK(f.one(kCt, {"1.2.3.4.5"}).result == Result::transfer_syntaxes_not_supported);
  CHECK(f.one(kCt, {"1.2.3.4.5", kJpeg}).transfer_syntax == kJpeg);
}

TEST_CASE("queries are spoken uncompressed, whatever else is offered") {
  Fixture f;
  for (const auto* uid : {kFind, kMove, kGet, kEcho}) {
    CHECK(f.one(uid, kTen).transfer_syntax == kExplicit);
    CHECK(f.one(uid, {kBig, kImplicit}).transfer_syntax == kImplicit);
    CHECK(f.one(uid, {kImplicit, kExplicit}).transfer_syntax == kExplicit);
    CHECK(f.one(uid, {kJ2k, kBig}).result == Result::transfer_syntaxes_not_supported);
  }
}

TEST_CASE("both contexts of a class that a viewer sends are accepted, each on its own") {
  Fixture f;
  std::vector<ContextOffer> offers;
  for (int i = 0; i < 64; ++i) {
    const auto uid = "1.2.840.10008.5.1.4.1.1." + std::to_string(i + 300);
    offers.push_back({static_cast<uint8_t>(4 * i + 1), uid, {kExplicit}, Role::standard});
    offers.push_back({static_cast<uint8_t>(4 * i + 3), uid, {kBig, kImplicit}, Role::standard});
  }
  const auto answers = f.all(offers);
  REQUIRE(answers.size() == 128);
  CHECK(answers.back().id == 255);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CHECK(answers[i].result == Result::accepted);
    CHECK(answers[i].transfer_syntax == (i % 2 == 0 ? kExplicit : kImplicit));
  }
}

TEST_CASE("storage contexts beside C-GET are accepted uncompressed, without a role being needed") {
  Fixture f;
  const auto answers = f.all({{1, kGet, kTen, Role::standard},
                              {3, kCt, {kJ2k, kImplicit, kExplicit}, Role::standard},
                              {5, kMr, {kJpeg}, Role::standard},
                              {7, kMr, {kJ2k, kExplicit}, Role::scp}});
  CHECK(answers[1].transfer_syntax == kExplicit);
  CHECK(answers[1].role == Role::standard);
  CHECK(answers[2].transfer_syntax == kJpeg);
  CHECK(answers[3].transfer_syntax == kExplicit);
  CHECK(answers[3].role == Role::scp);
}

TEST_CASE("storage contexts beside C-GET that offer nothing uncompressed are accepted in what loses nothing") {
  Fixture f;
  constexpr const char* kLossy = "1.2.840.10008.1.2.4.50";
  constexpr const char* kReversible = "1.2.840.10008.1.2.4.91";
  const auto chosen = [&](std::vector<std::string> offered) {
    return f.all({{1, kGet, kTen, Role::standard}, {3, kCt, std::move(offered), Role::standard}})[1].transfer_syntax;
  };
  CHECK(chosen({kLossy, kReversible, kJ2k, kJpeg}) == kLossy);  // without codecs: what the peer likes best
  f.settings.converts = true;
  CHECK(chosen({kLossy, kReversible, kJ2k, kJpeg}) == kJ2k);
  CHECK(chosen({kLossy, kReversible}) == kReversible);
  CHECK(chosen({kLossy}) == kLossy);
  CHECK(chosen({kJ2k, kImplicit}) == kImplicit);
}

TEST_CASE("who may retrieve but not store gets storage contexts beside C-GET only") {
  Fixture f;
  CHECK(f.one(kCt, {kExplicit}, kMayRetrieve).result == Result::user_rejection);
  const auto answers =
      f.all({{1, kGet, {kExplicit}, Role::standard}, {3, kCt, {kExplicit}, Role::standard}}, kMayRetrieve);
  CHECK(answers[0].result == Result::accepted);
  CHECK(answers[1].result == Result::accepted);
}

TEST_CASE("a right that is missing gives user rejection, an unknown class says so") {
  Fixture f;
  CHECK(f.one(kFind, {kExplicit}, kMayStore | kMayEcho).result == Result::user_rejection);
  CHECK(f.one(kMove, {kExplicit}, kMayQuery).result == Result::user_rejection);
  CHECK(f.one(kEcho, {kExplicit}, kMayEcho).result == Result::accepted);
  CHECK(f.one("1.2.840.10008.5.1.1.9", {kExplicit}).result == Result::abstract_syntax_not_supported);   // print
  CHECK(f.one("1.2.840.10008.5.1.4.31", {kExplicit}).result == Result::abstract_syntax_not_supported);  // worklist
}

TEST_CASE("role selection is answered as proposed for storage, and with SCU for all else") {
  Fixture f;
  const auto answers = f.all({{1, kCt, {kExplicit}, Role::both},
                              {3, kMr, {kExplicit}, Role::scu},
                              {5, kFind, {kExplicit}, Role::both},
                              {7, kMove, {kExplicit}, Role::standard}});
  CHECK(answers[0].role == Role::both);
  CHECK(answers[1].role == Role::scu);
  CHECK(answers[2].role == Role::scu);
  CHECK(answers[3].role == Role::standard);
}

TEST_CASE("storage is what DICOM defines, has retired and will define, and by configuration what it does not know") {
  for (const auto* uid : {
           "1.2.840.10008.5.1.4.1.1.2",
           "1.2.840.10008.5.1.4.1.1.88.2",
           "1.2.840.10008.5.1.4.1.1.9.1",
           "1.2.840.10008.5.1.1.30",
           "1.2.840.10008.5.1.1.29",
           "1.2.840.10008.5.1.1.27",
           "1.2.840.10008.5.1.4.1.1.3",
           "1.2.840.10008.5.1.4.1.1.77.1",
           "1.2.840.10008.5.1.4.1.1.77.2",
           "1.2.840.10008.5.1.4.1.1.12.3",
           "1.2.840.10008.5.1.4.1.1.129",
           "1.2.840.10008.5.1.4.1.1.481.7",
           "1.2.840.10008.5.1.4.1.1.9999",
           "1.2.840.10008.5.1.4.34.7",
           "1.2.840.10008.5.1.4.34.10",
       }) {
    INFO(uid);
    CHECK(is_standard_storage(uid));
  }
  for (const auto* uid : {
           "1.2.840.10008.1.1",
           "1.2.840.10008.5.1.4.1.1.",
           "1.2.840.10008.5.1.4.1.1.200.4",
           "1.2.840.10008.5.1.4.1.1.201.6",
           "1.2.840.10008.5.1.4.1.2.2.1",
           "1.2.840.10008.5.1.4.31",
           "1.2.840.10008.3.1.2.3.3",
           "1.2.840.10008.1.20.1",
           "1.2.840.10008.5.1.4.38.1",
           "1.3.46.670589.7.8.1618510091",
       }) {
    INFO(uid);
    CHECK_FALSE(is_standard_storage(uid));
  }
  Fixture any(true);
  Fixture standard_only(false);
  for (const auto* uid : {"1.3.46.670589.7.8.1618510091", "1.3.12.2.1107.5.9.1"}) {
    CHECK(any.one(uid, {kExplicit}).result == Result::accepted);
    CHECK(standard_only.one(uid, {kExplicit}).result == Result::abstract_syntax_not_supported);
  }
}

TEST_CASE("what was wanted is described for people") {
  Fixture f;
  CHECK(describe(std::vector<ContextOffer>{{1, kCt, {kExplicit}, Role::standard}}, f.classes) ==
        "store CT Image Storage");
  CHECK(describe(std::vector<ContextOffer>{{1, kCt, {kExplicit}, Role::standard},
                                           {3, kCt, {kImplicit}, Role::standard},
                                           {5, kMr, {kExplicit}, Role::standard},
                                           {7, kFind, {kExplicit}, Role::standard}},
                 f.classes) == "store CT Image Storage and 1 more; query");
  CHECK(describe(std::vector<ContextOffer>{{1, kGet, kTen, Role::standard}, {3, kCt, kTen, Role::standard}},
                 f.classes) == "retrieve");
  CHECK(describe(std::vector<ContextOffer>{{1, kEcho, {kImplicit}, Role::standard}}, f.classes) == "echo");
  CHECK(describe({}, f.classes).empty());
}

TEST_CASE("a SOP class is served by one only") {
  Fixture f;
  Nobody other;
  CHECK_THROWS_AS(f.classes.add(kFind, 0, other), Error);
}
