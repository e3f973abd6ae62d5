#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/state_store.hpp"
#include "transaction.hpp"

namespace fermata::storage_commitment {

/// Keeps transactions over restarts: one document each in `storage-commitment.transactions`, and their references in
/// pieces in `storage-commitment.references`. A transaction is there once its own document is, which comes last.
///
/// **Thread**: any; one transaction is changed by one thread at a time. **Errors**: io, corrupt, unsupported.
class TransactionStore {
 public:
  static constexpr std::size_t kPiece = 1000;  ///< references in a document

  explicit TransactionStore(StateStore& store) : store_(store) {}

  /// Gives the transaction its key and stores it with its references. Durable when it returns.
  void add(Transaction& transaction, const std::vector<Reference>& references);
  void update(const Transaction& transaction);
  void remove(const Transaction& transaction);

  /// In the order of the requests. What can't be read is passed to `problem` and left out.
  using Visit = std::function<void(Transaction&&)>;
  using Problem = std::function<void(const std::string&)>;
  void for_each(const Visit& visit, const Problem& problem);

  std::size_t pieces(const Transaction& transaction) const { return (transaction.references + kPiece - 1) / kPiece; }
  std::vector<Reference> piece(const Transaction& transaction, std::size_t number);
  void update_piece(const Transaction& transaction, std::size_t number, const std::vector<Reference>& references);
  std::vector<Reference> references(const Transaction& transaction);
  /// Pieces whose transaction never came to be, because the program was ended in between.
  void remove_orphans();

 private:
  std::string new_key(int64_t now_us);

  StateStore& store_;
  std::mutex mutex_;
  int64_t last_us_ = 0;
};

}  // namespace fermata::storage_commitment
