#include "node_copies.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "fermata/testing/threads_and_errors.hpp"

namespace {

using namespace fermata;
using namespace fermata::backup;
using fermata::testing::code_of;

class NoCopies final : public ObjectCopies {
 public:
  std::unique_ptr<BlobReader> copy(std::string_view, uint64_t) override { throw Error(Code::not_found, "none"); }
  std::string_view place() override { return "a backup"; }
};

/// A node that answers every request with one status, or is away.
class FakeNode final : public DimseClient {
 public:
  std::unique_ptr<DimseAssociation> open(const DimseDestination& node,
                                         std::span<const DimseContext> contexts) override {
    ++calls;
    if (away) throw Error(Code::unavailable, std::string(node.ae_title) + " does not answer");
    for (const auto& context : contexts.subspan(1)) {
      offered = context.abstract_syntax;
      in = context.transfer_syntaxes.empty() ? "" : context.transfer_syntaxes[0];
    }
    return std::make_unique<Association>(*this);
  }
  bool away = false;
  uint16_t status = 0;
  int calls = 0;
  std::string offered;
  std::string in;

 private:
  class Association final : public DimseAssociation {
   public:
    explicit Association(FakeNode& node) : node_(node) {}
    void request(const DimseRequest&, std::chrono::milliseconds, DimseResponseSink& sink) override {
      DimseResponse response;
      response.status = node_.status;
      sink.take(response);
    }
    void abort() override {}
    void store(const InstanceRecord&, std::chrono::milliseconds, DimseResponseSink&) override {}

   private:
    FakeNode& node_;
  };
};

struct Scene {
  Scene() {
    damaged.study_instance_uid = "1.2";
    damaged.series_instance_uid = "1.2.3";
    damaged.sop_instance_uid = "1.2.3.4";
    damaged.sop_class_uid = "1.2.840.10008.5.1.4.1.1.2";
    damaged.transfer_syntax_uid = "1.2.840.10008.1.2.4.90";
  }
  FakeNode node;
  NodeCopies copies{std::make_unique<NoCopies>(), node, "OTHER", "FERMATA"};
  InstanceRecord damaged;
};

}  // namespace

TEST_CASE("a node is asked for the damaged object in the transfer syntax in which it was received") {
  Scene scene;
  CHECK(code_of([&] { scene.copies.copy("2026/1.dcm", 0); }) == Code::not_found);
  CHECK(scene.copies.place() == "a backup");
  CHECK(scene.copies.fetch(scene.damaged));
  CHECK(scene.copies.place() == "OTHER");
  CHECK(scene.node.offered == scene.damaged.sop_class_uid);
  CHECK(scene.node.in == scene.damaged.transfer_syntax_uid);
}

TEST_CASE("what a node says of an object that it can't send is the reason, and it is asked for the next one") {
  Scene scene;
  scene.node.status = 0xb000;
  CHECK_THROWS_WITH(scene.copies.fetch(scene.damaged), Catch::Contains("OTHER can't send it: status 0xb000"));
  scene.node.status = 0;
  CHECK(scene.copies.fetch(scene.damaged));
}

TEST_CASE("a node that is away is not asked again for every damaged object") {
  Scene scene;
  scene.node.away = true;
  CHECK(code_of([&] { scene.copies.fetch(scene.damaged); }) == Code::unavailable);
  const auto calls = scene.node.calls;
  CHECK_THROWS_WITH(scene.copies.fetch(scene.damaged), Catch::Contains("OTHER does not answer"));
  CHECK(scene.node.calls == calls);
}
