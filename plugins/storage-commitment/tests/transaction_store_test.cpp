#include "transaction_store.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "fermata/testing/memory_state_store.hpp"

using namespace fermata;
using namespace fermata::storage_commitment;
using fermata::testing::MemoryStateStore;

namespace {

Transaction transaction(const std::string& uid, int64_t requested_us) {
  Transaction t;
  t.uid = uid;
  t.ae_title = "CT1";
  t.address = "10.0.0.7";
  t.called_ae_title = "ARCHIVE";
  t.requested_us = requested_us;
  return t;
}
std::vector<Reference> references(std::size_t count) {
  std::vector<Reference> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back({"1.2.840.10008.5.1.4.1.1.2", "1.2." + std::to_string(i)});
  return list;
}
std::vector<Transaction> all(TransactionStore& store) {
  std::vector<Transaction> list;
  store.for_each([&](Transaction&& t) { list.push_back(std::move(t)); },
                 [](const std::string& problem) { FAIL(problem); });
  return list;
}
std::size_t documents(StateStore& store, std::string_view collection) {
  std::size_t count = 0;
  const auto cursor = store.list(collection, "");
  for (Document document; cursor->next(document);) ++count;
  return count;
}

}  // namespace

TEST_CASE("a transaction comes back with its references, however many") {
  MemoryStateStore memory;
  TransactionStore store(memory);
  auto first = transaction("9.1", 1000);
  auto second = transaction("9.2", 1000);  // in the same microsecond
  const auto many = references(2 * TransactionStore::kPiece + 1);
  store.add(first, many);
  store.add(second, references(1));
  const auto found = all(store);
  REQUIRE(found.size() == 2);
  CHECK(found[0].uid == "9.1");
  CHECK(found[0].ae_title == "CT1");
  CHECK(found[0].address == "10.0.0.7");
  CHECK(found[0].called_ae_title == "ARCHIVE");
  CHECK(found[0].state == Transaction::State::checking);
  CHECK(found[1].uid == "9.2");
  CHECK(store.pieces(found[0]) == 3);
  CHECK(store.references(found[0]) == many);
  CHECK(store.references(found[1]) == references(1));
}

TEST_CASE("what becomes of a transaction is kept, piece by piece") {
  MemoryStateStore memory;
  TransactionStore store(memory);
  auto t = transaction("9.1", 1000);
  store.add(t, references(TransactionStore::kPiece + 2));
  auto piece = store.piece(t, 1);
  REQUIRE(piece.size() == 2);
  piece[1].reason = reason::kNoSuchInstance;
  store.update_piece(t, 1, piece);
  t.state = Transaction::State::given_up;
  t.failed = 1;
  t.attempts = 7;
  t.problem = "nobody answers";
  store.update(t);
  const auto found = all(store).at(0);
  CHECK(found.state == Transaction::State::given_up);
  CHECK(found.failed == 1);
  CHECK(found.attempts == 7);
  CHECK(found.problem == "nobody answers");
  CHECK(store.references(found).back().reason == reason::kNoSuchInstance);
  CHECK(store.references(found).front().reason == reason::kUnchecked);
}

TEST_CASE("a removed transaction takes its references with it, and pieces without a transaction go") {
  MemoryStateStore memory;
  TransactionStore store(memory);
  auto removed = transaction("9.1", 1000);
  auto kept = transaction("9.2", 2000);
  auto half_stored = transaction("9.3", 3000);
  store.add(removed, references(5));
  store.add(kept, references(5));
  store.add(half_stored, references(TransactionStore::kPiece * 2));
  store.remove(removed);
  memory.remove("storage-commitment.transactions", half_stored.key, StateStore::kAny);
  store.remove_orphans();
  CHECK(documents(memory, "storage-commitment.references") == 1);
  CHECK(store.references(all(store).at(0)).size() == 5);
}

TEST_CASE("a document that can't be read is named, and the others are not lost") {
  MemoryStateStore memory;
  TransactionStore store(memory);
  auto t = transaction("9.1", 1000);
  store.add(t, references(1));
  const std::string newer = R"({"format": 2})";
  memory.put("storage-commitment.transactions", "0-newer", std::as_bytes(std::span(newer)), StateStore::kAny);
  std::vector<std::string> problems;
  std::size_t read = 0;
  store.for_each([&](const Transaction&) { ++read; }, [&](const std::string& problem) { problems.push_back(problem); });
  CHECK(read == 1);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("0-newer: a stored commitment request has format 2") == 0);
}
