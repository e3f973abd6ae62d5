#include <catch2/catch.hpp>

#include <string>

#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "fermata/worklist.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

class FakeWorklist final : public Worklist {
 public:
  class Cursor final : public WorklistCursor {
   public:
    bool next(WorklistItem& item) override {
      if (++at_ > 2) return false;
      id_ = "item " + std::to_string(at_);
      item = {id_, "file", bytes("data set")};
      return true;
    }

   private:
    int at_ = 0;
    std::string id_;
  };
  void put(std::string_view id, std::string_view origin, std::span<const std::byte> data_set) override {
    seen = "put " + std::string(id) + " from " + std::string(origin) + ": " + text(data_set);
  }
  void remove(std::string_view id) override {
    if (id.empty()) throw Error(Code::not_found, "no such item");
    seen = "remove " + std::string(id);
  }
  std::unique_ptr<WorklistCursor> find(std::span<const std::byte> identifier) override {
    seen = "find " + text(identifier);
    return std::make_unique<Cursor>();
  }
  void set_status(std::string_view id, std::string_view status) override {
    seen = std::string(id) + " is " + std::string(status);
  }
  std::string seen;
};

}  // namespace

TEST_CASE("a worklist is used through the boundary") {
  FakeWorklist worklist;
  const auto remote = through_boundary<Worklist>(worklist);
  remote->put("hl7/1", "hl7", bytes("A\0B"));
  CHECK(worklist.seen == "put hl7/1 from hl7: " + text(bytes("A\0B")));
  remote->set_status("hl7/1", Worklist::kStarted);
  CHECK(worklist.seen == "hl7/1 is STARTED");
  remote->remove("hl7/1");
  CHECK(worklist.seen == "remove hl7/1");
  CHECK(code_of([&] { remote->remove(""); }) == Code::not_found);

  const auto cursor = remote->find(bytes("keys"));
  CHECK(worklist.seen == "find keys");
  WorklistItem item;
  REQUIRE(cursor->next(item));
  CHECK(item.id == "item 1");
  CHECK(item.origin == "file");
  CHECK(text(item.data_set) == "data set");
  REQUIRE(cursor->next(item));
  CHECK(item.id == "item 2");
  CHECK_FALSE(cursor->next(item));
}
