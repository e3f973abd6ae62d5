#include "transaction_store.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "fermata/error.hpp"

namespace fermata::storage_commitment {
namespace {

constexpr std::string_view kTransactions = "storage-commitment.transactions";
constexpr std::string_view kReferences = "storage-commitment.references";

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string piece_id(const std::string& key, std::size_t number) {
  char text[16];
  std::snprintf(text, sizeof text, "/%08zu", number);
  return key + text;
}

void remove_if_there(StateStore& store, std::string_view collection, std::string_view id) {
  try {
    store.remove(collection, id, StateStore::kAny);
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
  }
}

}  // namespace

std::string TransactionStore::new_key(int64_t now_us) {
  const std::lock_guard lock(mutex_);
  last_us_ = std::max(last_us_ + 1, now_us);
  char text[32];
  std::snprintf(text, sizeof text, "%020lld", static_cast<long long>(last_us_));
  return text;
}

void TransactionStore::add(Transaction& transaction, const std::vector<Reference>& references) {
  transaction.key = new_key(transaction.requested_us);
  transaction.references = references.size();
  for (std::size_t number = 0; number < pieces(transaction); ++number) {
    const auto first = references.begin() + static_cast<std::ptrdiff_t>(number * kPiece);
    const auto count = std::min(kPiece, references.size() - number * kPiece);
    update_piece(transaction, number, {first, first + static_cast<std::ptrdiff_t>(count)});
  }
  update(transaction);
}

void TransactionStore::update(const Transaction& transaction) {
  store_.put(kTransactions, transaction.key, bytes(to_document(transaction)), StateStore::kAny);
}

void TransactionStore::remove(const Transaction& transaction) {
  remove_if_there(store_, kTransactions, transaction.key);
  for (std::size_t number = 0; number < pieces(transaction); ++number)
    remove_if_there(store_, kReferences, piece_id(transaction.key, number));
}

void TransactionStore::for_each(const Visit& visit, const Problem& problem) {
  const auto cursor = store_.list(kTransactions, "");
  for (Document document; cursor->next(document);) {
    try {
      visit(transaction_from_document(document.id, document.content));
    } catch (const Error& error) {
      problem(std::string(document.id) + ": " + error.what());
    }
  }
}

std::vector<Reference> TransactionStore::piece(const Transaction& transaction, std::size_t number) {
  const auto id = piece_id(transaction.key, number);
  const auto cursor = store_.list(kReferences, id);
  Document document;
  if (!cursor->next(document) || document.id != id)
    throw Error(Code::corrupt, "references of the commitment request " + transaction.uid + " are missing");
  return references_from_document(document.content);
}

void TransactionStore::update_piece(const Transaction& transaction, std::size_t number,
                                    const std::vector<Reference>& references) {
  store_.put(kReferences, piece_id(transaction.key, number), bytes(to_document(std::span(references))),
             StateStore::kAny);
}

std::vector<Reference> TransactionStore::references(const Transaction& transaction) {
  std::vector<Reference> all;
  all.reserve(transaction.references);
  for (std::size_t number = 0; number < pieces(transaction); ++number) {
    auto part = piece(transaction, number);
    all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  }
  return all;
}

void TransactionStore::remove_orphans() {
  std::set<std::string, std::less<>> known;
  const auto transactions = store_.list(kTransactions, "");
  for (Document document; transactions->next(document);) known.emplace(document.id);
  const auto pieces = store_.list(kReferences, "");
  for (Document document; pieces->next(document);)
    if (!known.contains(document.id.substr(0, document.id.find('/'))))
      remove_if_there(store_, kReferences, std::string(document.id));
}

}  // namespace fermata::storage_commitment
