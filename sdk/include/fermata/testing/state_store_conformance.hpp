#pragma once
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fermata/state_store.hpp"
#include "fermata/testing/conformance.hpp"
#include "fermata/testing/killed_process.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

// Does a state store do what fermata/state_store.hpp says? In a test of its author's:
//
//   class MyStateStoreSubject : public fermata::testing::StateStoreSubject { ... };
//   FERMATA_STATE_STORE_CONFORMANCE("my-state-store", std::make_unique<MyStateStoreSubject>())
//
// Each check gets an empty store of its own, once directly and once through the C boundary.
namespace fermata::testing {

/// A state store under test, empty when it is made.
class StateStoreSubject {
 public:
  virtual ~StateStoreSubject() = default;
  virtual StateStore& store() = 0;
  /// Ends the store and opens it again on the same data. False: it keeps nothing.
  virtual bool reopen() { return false; }
  /// What is put survives the end of its process, and nothing is opened before `store` is first called: a child process
  /// may have it until then.
  virtual bool may_be_killed() const { return false; }
};
using StateStoreFactory = std::function<std::unique_ptr<StateStoreSubject>()>;

namespace state_store_checks {

using Strings = std::vector<std::string>;

inline std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// "id=content@version", one for each document.
inline Strings documents(StateStore& store, std::string_view collection, std::string_view from = {}) {
  Strings list;
  const auto cursor = store.list(collection, from);
  Document d;
  while (cursor->next(d)) {
    const std::string content(reinterpret_cast<const char*>(d.content.data()), d.content.size());
    list.push_back(std::string(d.id) + "=" + content + "@" + std::to_string(d.version));
  }
  CHECK_FALSE(cursor->next(d));
  return list;
}

inline void putting_and_listing(StateStoreSubject& subject) {
  auto& store = subject.store();
  CHECK(documents(store, "test.nodes").empty());
  CHECK(store.put("test.nodes", "b", bytes("two"), StateStore::kAbsent) == 1);
  CHECK(store.put("test.nodes", "a", bytes("one"), StateStore::kAny) == 1);
  CHECK(store.put("test.nodes", "c", bytes(""), StateStore::kAbsent) == 1);
  CHECK(store.put("test.nodes", "b", bytes("zwei"), 1) == 2);
  CHECK(store.put("test.nodes", "b", bytes("deux"), StateStore::kAny) == 3);
  CHECK(documents(store, "test.nodes") == Strings{"a=one@1", "b=deux@3", "c=@1"});
  CHECK(documents(store, "test.nodes", "b") == Strings{"b=deux@3", "c=@1"});
  CHECK(documents(store, "test.nodes", "aa") == Strings{"b=deux@3", "c=@1"});
  CHECK(documents(store, "test.nodes", "d").empty());
}

inline void expected_versions(StateStoreSubject& subject) {
  auto& store = subject.store();
  const auto put = [&](std::string_view id, uint64_t expected) {
    return code_of([&] { store.put("test.c", id, bytes("new"), expected); });
  };
  CHECK(put("x", 1) == Code::conflict);
  CHECK(documents(store, "test.c").empty());
  store.put("test.c", "x", bytes("old"), StateStore::kAbsent);
  CHECK(put("x", StateStore::kAbsent) == Code::conflict);
  CHECK(put("x", 2) == Code::conflict);
  CHECK(documents(store, "test.c") == Strings{"x=old@1"});
  CHECK(put("x", 1) == kNoError);
  CHECK(put("x", 1) == Code::conflict);
  CHECK(documents(store, "test.c") == Strings{"x=new@2"});
}

inline void removing(StateStoreSubject& subject) {
  auto& store = subject.store();
  const auto remove = [&](std::string_view id, uint64_t expected) {
    return code_of([&] { store.remove("test.c", id, expected); });
  };
  CHECK(remove("x", StateStore::kAny) == Code::not_found);
  CHECK(remove("x", StateStore::kAbsent) == Code::not_found);
  CHECK(remove("x", 1) == Code::not_found);
  store.put("test.c", "x", bytes("1"), StateStore::kAbsent);
  store.put("test.c", "x", bytes("2"), 1);
  CHECK(remove("x", 1) == Code::conflict);
  CHECK(remove("x", StateStore::kAbsent) == Code::conflict);
  CHECK(documents(store, "test.c") == Strings{"x=2@2"});
  CHECK(remove("x", 2) == kNoError);
  CHECK(documents(store, "test.c").empty());
  CHECK(remove("x", 2) == Code::not_found);
  CHECK(store.put("test.c", "x", bytes("3"), StateStore::kAbsent) >= 1);
  CHECK(remove("x", StateStore::kAny) == kNoError);
  CHECK(documents(store, "test.c").empty());
}

inline void collections_are_apart(StateStoreSubject& subject) {
  auto& store = subject.store();
  for (const char* collection : {"test", "test.a", "test.ab", "test.b", "tes"})
    store.put(collection, "x", bytes(collection), StateStore::kAbsent);
  store.put("test", ".ax", bytes("id"), StateStore::kAbsent);
  CHECK(documents(store, "test") == Strings{".ax=id@1", "x=test@1"});
  CHECK(documents(store, "test.a") == Strings{"x=test.a@1"});
  store.remove("test.a", "x", 1);
  CHECK(documents(store, "test.ab") == Strings{"x=test.ab@1"});
  CHECK(documents(store, "tes") == Strings{"x=tes@1"});
}

inline void names_in_byte_order(StateStoreSubject& subject) {
  auto& store = subject.store();
  const std::string longest(256, 'z');
  const Strings ids{" ", "A", "B", "a", "a b", "a/b", "a\x01", "\xc3\xa9", longest, "\xff"};
  for (const auto& id : ids) store.put("test.c", id, bytes("1"), StateStore::kAbsent);
  store.put(longest, "x", bytes("1"), StateStore::kAbsent);
  auto expected = ids;
  std::sort(expected.begin(), expected.end());  // char_traits<char> compares as unsigned char
  for (auto& text : expected) text += "=1@1";
  CHECK(documents(store, "test.c") == expected);
  CHECK(documents(store, longest) == Strings{"x=1@1"});
}

inline void any_content(StateStoreSubject& subject) {
  auto& store = subject.store();
  std::string all(256, '\0');
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
  store.put("test.c", "bytes", bytes(all), StateStore::kAbsent);
  CHECK(documents(store, "test.c") == Strings{"bytes=" + all + "@1"});
  const std::string large(std::size_t{1} << 20, 'x');
  store.put("test.c", "bytes", bytes(large), 1);
  CHECK(documents(store, "test.c").at(0).size() == large.size() + 8);
}

inline void wrong_calls(StateStoreSubject& subject) {
  auto& store = subject.store();
  const std::string too_long(257, 'z');
  const std::string with_nul("a\0b", 3);
  for (const auto& name : {std::string(), too_long, with_nul}) {
    CHECK(code_of([&] { store.put(name, "x", bytes("1"), StateStore::kAny); }) == Code::invalid);
    CHECK(code_of([&] { store.put("test.c", name, bytes("1"), StateStore::kAny); }) == Code::invalid);
    CHECK(code_of([&] { store.remove(name, "x", StateStore::kAny); }) == Code::invalid);
    CHECK(code_of([&] { store.remove("test.c", name, StateStore::kAny); }) == Code::invalid);
    CHECK(code_of([&] { store.list(name, {}); }) == Code::invalid);
  }
  const std::string too_large((std::size_t{1} << 20) + 1, 'x');
  CHECK(code_of([&] { store.put("test.c", "x", bytes(too_large), StateStore::kAny); }) == Code::invalid);
  CHECK(documents(store, "test.c").empty());
}

inline void a_list_stays_as_it_began(StateStoreSubject& subject) {
  auto& store = subject.store();
  for (const char* id : {"a", "b", "c"}) store.put("test.c", id, bytes("old"), StateStore::kAbsent);
  const auto cursor = store.list("test.c", {});
  Document d;
  REQUIRE(cursor->next(d));
  store.put("test.c", "b", bytes("new"), 1);
  store.put("test.c", "bb", bytes("new"), StateStore::kAbsent);
  store.remove("test.c", "c", 1);
  Strings ids{std::string(d.id)};
  while (cursor->next(d)) {
    ids.emplace_back(d.id);
    CHECK(d.version == 1);
    CHECK(d.content.size() == 3);
    CHECK(static_cast<char>(d.content[0]) == 'o');
  }
  CHECK(ids == Strings{"a", "b", "c"});
}

/// Everybody adds one to the same number, and nothing is lost.
inline void threads_compare_and_set(StateStoreSubject& subject) {
  constexpr int kThreads = 4;
  constexpr int kSteps = 25;
  auto& store = subject.store();
  store.put("test.c", "number", bytes("0"), StateStore::kAbsent);
  std::atomic<int> created{0};
  in_threads(kThreads, [&](std::size_t) {
    if (code_of([&] { store.put("test.c", "once", bytes("1"), StateStore::kAbsent); }) == kNoError) ++created;
    for (int done = 0; done < kSteps;) {
      Document d;
      const auto cursor = store.list("test.c", "number");
      if (!cursor->next(d)) throw Error(Code::internal, "the document is gone");
      const int number = std::stoi(std::string(reinterpret_cast<const char*>(d.content.data()), d.content.size()));
      const auto next = std::to_string(number + 1);
      if (code_of([&] { store.put("test.c", "number", bytes(next), d.version); }) == kNoError) ++done;
    }
  });
  CHECK(created == 1);
  CHECK(documents(store, "test.c", "number").at(0) ==
        "number=" + std::to_string(kThreads * kSteps) + "@" + std::to_string(kThreads * kSteps + 1));
}

inline void opened_again(StateStoreSubject& subject) {
  subject.store().put("test.c", "x", bytes("1"), StateStore::kAbsent);
  subject.store().put("test.c", "x", bytes("2"), 1);
  subject.store().put("test.c", "y", bytes("3"), StateStore::kAbsent);
  subject.store().remove("test.c", "y", 1);
  if (!subject.reopen()) throw SkippedCheck("the state store keeps nothing");
  CHECK(documents(subject.store(), "test.c") == Strings{"x=2@2"});
  CHECK(subject.store().put("test.c", "x", bytes("4"), 2) == 3);
}

/// Each document goes from version to version until the process dies: what was said is there, or something later.
inline void documents_outlive_a_killed_process(StateStoreSubject& subject) {
  if (!subject.may_be_killed()) throw SkippedCheck("what the state store has does not survive its process");
  const auto said = run_and_kill(40, [&](const Say& say) {
    auto& store = subject.store();
    in_threads(2, [&](std::size_t thread) {
      const auto id = std::to_string(thread);
      for (uint64_t version = 0; version < 1000; ++version) {
        store.put("test.c", id, bytes("v" + std::to_string(version + 1)), version);
        say(id + " " + std::to_string(version + 1));
      }
    });
  });
  CHECK(said.size() >= 40);
  for (const char* id : {"0", "1"}) {
    uint64_t version = 0;
    for (const auto& line : said)
      if (line[0] == id[0]) version = std::stoull(line.substr(2));
    if (version == 0) continue;
    const auto cursor = subject.store().list("test.c", id);
    Document d;
    REQUIRE(cursor->next(d));
    CHECK(d.version >= version);
    CHECK(std::string(reinterpret_cast<const char*>(d.content.data()), d.content.size()) ==
          "v" + std::to_string(d.version));
  }
}

}  // namespace state_store_checks

inline constexpr Check<StateStoreSubject> kStateStoreChecks[] = {
    {"documents are put and listed", state_store_checks::putting_and_listing},
    {"a version that is not the expected one is a conflict", state_store_checks::expected_versions},
    {"documents are removed", state_store_checks::removing},
    {"collections are apart", state_store_checks::collections_are_apart},
    {"ids are in byte order", state_store_checks::names_in_byte_order},
    {"content is any bytes", state_store_checks::any_content},
    {"wrong names and too large contents are refused", state_store_checks::wrong_calls},
    {"a list stays as it began", state_store_checks::a_list_stays_as_it_began},
    {"threads compare and set", state_store_checks::threads_compare_and_set},
    {"opened again", state_store_checks::opened_again},
    {"documents outlive a killed process", state_store_checks::documents_outlive_a_killed_process},
};

/// A state store under test as another plugin sees it.
class StateStoreThroughBoundary final : public StateStoreSubject {
 public:
  explicit StateStoreThroughBoundary(std::unique_ptr<StateStoreSubject> inner) : inner_(std::move(inner)) {}
  StateStore& store() override {
    if (proxy_ == nullptr) proxy_ = through_boundary(inner_->store());
    return *proxy_;
  }
  bool reopen() override {
    proxy_.reset();
    return inner_->reopen();
  }
  bool may_be_killed() const override { return inner_->may_be_killed(); }

 private:
  std::unique_ptr<StateStoreSubject> inner_;
  std::shared_ptr<StateStore> proxy_;
};

}  // namespace fermata::testing

/// `make` is an expression that makes a std::unique_ptr<StateStoreSubject> with an empty store.
#define FERMATA_STATE_STORE_CONFORMANCE(name, make)                                                                 \
  TEST_CASE(name " keeps the contract of a state store") {                                                          \
    fermata::testing::run_checks<fermata::testing::StateStoreThroughBoundary, fermata::testing::StateStoreSubject>( \
        fermata::testing::kStateStoreChecks,                                                                        \
        []() -> std::unique_ptr<fermata::testing::StateStoreSubject> { return make; });                             \
  }
