#include "node-retrieval/node_retrieval.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <set>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/error.hpp"
#include "node-retrieval/receiving_contexts.hpp"

using namespace fermata;
using namespace fermata::node_retrieval;

namespace {

constexpr uint16_t kGet = 0x0010;
constexpr uint16_t kMove = 0x0021;
constexpr const char* kCt = "1.2.840.10008.5.1.4.1.1.2";

/// A node that answers as it is told, and keeps what it was asked.
class FakeNode final : public DimseClient {
 public:
  std::optional<uint16_t> get = 0;  ///< its status; nothing: the SOP Class is not accepted
  std::optional<uint16_t> move = 0;
  bool away = false;
  std::vector<uint16_t> asked;
  std::vector<std::byte> identifier;
  std::string destination;

  std::unique_ptr<DimseAssociation> open(const DimseDestination& node, std::span<const DimseContext>) override {
    if (away) throw Error(Code::unavailable, std::string(node.ae_title) + " does not answer");
    return std::make_unique<Association>(*this);
  }

 private:
  class Association final : public DimseAssociation {
   public:
    explicit Association(FakeNode& node) : node_(node) {}
    void request(const DimseRequest& request, std::chrono::milliseconds, DimseResponseSink& sink) override {
      node_.asked.push_back(request.command_field);
      node_.identifier.assign(request.data_set.begin(), request.data_set.end());
      node_.destination = request.move_destination;
      const auto status = request.command_field == kGet ? node_.get : node_.move;
      if (!status) throw Error(Code::unsupported, "the SOP Class was not accepted");
      DimseResponse pending;
      pending.status = 0xff00;
      sink.take(pending);
      DimseResponse response;
      response.status = *status;
      sink.take(response);
    }
    void abort() override {}
    void store(const InstanceRecord&, std::chrono::milliseconds, DimseResponseSink&) override {}

   private:
    FakeNode& node_;
  };
};

using Asked = std::vector<uint16_t>;

Wanted study() { return {"1.2.3", {}, {}, {{kCt, {}}}}; }

}  // namespace

TEST_CASE("what a node sends with C-GET is not asked for with C-MOVE") {
  FakeNode node;
  NodeRetrieval retrieval(node, "OLD", "FERMATA");
  CHECK(retrieval.retrieve(study()).empty());
  CHECK(node.asked == Asked{kGet});
  const dicom::DataSetView keys(node.identifier);
  CHECK(keys.text(dicom::kQueryRetrieveLevel) == "STUDY");
  CHECK(keys.text(dicom::kStudyInstanceUid) == "1.2.3");
  CHECK_FALSE(keys.find(dicom::kSeriesInstanceUid));
}

TEST_CASE("one instance is named by all the levels above it") {
  FakeNode node;
  NodeRetrieval(node, "OLD", "FERMATA").retrieve({"1.2.3", "1.2.3.4", "1.2.3.4.5", {{kCt, {}}}});
  const dicom::DataSetView keys(node.identifier);
  CHECK(keys.text(dicom::kQueryRetrieveLevel) == "IMAGE");
  CHECK(keys.text(dicom::kStudyInstanceUid) == "1.2.3");
  CHECK(keys.text(dicom::kSeriesInstanceUid) == "1.2.3.4");
  CHECK(keys.text(dicom::kSopInstanceUid) == "1.2.3.4.5");
}

TEST_CASE("a node that does not answer C-GET is asked with C-MOVE, and the next time at once") {
  FakeNode node;
  node.get = GENERATE(std::optional<uint16_t>(), std::optional<uint16_t>(0x0211));
  NodeRetrieval retrieval(node, "OLD", "FERMATA");
  CHECK(retrieval.retrieve(study()).empty());
  CHECK(node.asked == Asked{kGet, kMove});
  CHECK(node.destination == "FERMATA");
  CHECK(retrieval.retrieve(study()).empty());
  CHECK(node.asked == Asked{kGet, kMove, kMove});
}

TEST_CASE("what C-GET has not brought is asked for with C-MOVE") {
  FakeNode node;
  NodeRetrieval retrieval(node, "OLD", "FERMATA");
  node.get = 0xb000;
  CHECK(retrieval.retrieve(study()).empty());
  node.get = 0;
  CHECK(retrieval.retrieve(study(), [] { return false; }).empty());
  CHECK(node.asked == Asked{kGet, kMove, kGet, kMove});
}

TEST_CASE("what neither has brought is told with the reasons of both") {
  FakeNode node;
  node.get = 0xb000;
  node.move = 0xa801;
  NodeRetrieval retrieval(node, "OLD", "FERMATA");
  const auto said = retrieval.retrieve(study());
  CHECK(said.find("status 0xb000") != std::string::npos);
  CHECK(said.find("OLD does not know FERMATA: add this archive there") != std::string::npos);
  node.get = {};
  CHECK_THROWS_WITH(retrieval.retrieve(study()), Catch::Contains("OLD does not know FERMATA") &&
                                                     Catch::Contains("with C-GET: the SOP Class was not accepted"));
}

TEST_CASE("a node that is away is an error, and asked with C-GET again when it is back") {
  FakeNode node;
  node.away = true;
  NodeRetrieval retrieval(node, "OLD", "FERMATA");
  CHECK_THROWS_AS(retrieval.require_answer(), Error);
  CHECK_THROWS_AS(retrieval.retrieve(study()), Error);
  node.away = false;
  retrieval.require_answer();
  CHECK(retrieval.retrieve(study()).empty());
  CHECK(node.asked == Asked{kGet});
}

TEST_CASE("each compressed transfer syntax has a context of its own, and all fit into an association") {
  const ReceivingContexts one("1.2.3", {{kCt, {}}});
  REQUIRE(one.list().size() > 10);
  CHECK(one.list()[0].abstract_syntax == "1.2.3");
  CHECK(one.list()[0].role == DimseRole::scu);
  CHECK(one.list()[1].transfer_syntaxes.empty());  // the uncompressed ones
  std::set<std::string_view> seen;
  for (const auto& context : one.list().subspan(2)) {
    CHECK(context.abstract_syntax == kCt);
    CHECK(context.role == DimseRole::scp);
    REQUIRE(context.transfer_syntaxes.size() == 1);
    CHECK(seen.insert(context.transfer_syntaxes[0]).second);
  }

  Kinds many;
  add_common_classes(many);
  for (int i = 0; i < 10; ++i) many["9.9." + std::to_string(i)];
  const ReceivingContexts some("1.2.3", many);
  CHECK(some.list().size() <= 128);
  std::set<std::string_view> classes;
  for (const auto& context : some.list().subspan(1)) classes.insert(context.abstract_syntax);
  CHECK(classes.size() == many.size());
  for (int i = 0; i < 200; ++i) many["8.8." + std::to_string(i)];
  CHECK(ReceivingContexts("1.2.3", many).list().size() == 128);
}

TEST_CASE("an object that is wanted in one transfer syntax is offered no other") {
  const ReceivingContexts contexts("1.2.3", {{kCt, {"1.2.840.10008.1.2.4.90"}}});
  REQUIRE(contexts.list().size() == 2);
  CHECK(contexts.list()[1].transfer_syntaxes[0] == "1.2.840.10008.1.2.4.90");
}
