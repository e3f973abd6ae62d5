#pragma once
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "fermata/dimse_client.hpp"
#include "transaction.hpp"

namespace fermata::storage_commitment {

/// The requests that are not finished, and whose turn it is: what the threads that verify and report wait for.
///
/// A request that is handed out is worked on by one thread, which alone changes its transaction. **Thread**: any.
class Unfinished {
 public:
  using Clock = std::chrono::steady_clock;
  struct Pending {
    Transaction transaction;
    std::shared_ptr<DimseAssociation> association;  ///< the requester's; null once it is of no more use
    Clock::time_point due;                          ///< no attempt before
  };
  using PendingPtr = std::shared_ptr<Pending>;

  void add(Transaction transaction, std::shared_ptr<DimseAssociation> association);
  /// False if the request has been finished meanwhile.
  bool join(const std::string& key, std::unique_ptr<DimseAssociation>& association);
  /// One of the same node under the same Transaction UID.
  std::optional<Transaction> same_request(const Transaction& transaction) const;
  std::size_t size() const;

  /// The oldest that is to be verified. Waits for it; null after `stop`, or when `until` has come.
  PendingPtr next_to_check(Clock::time_point until);
  /// Waits until a report is due for a node that nobody reports to, which the caller does from now on, until
  /// `release_node`. Empty after `stop`.
  std::string claim_node();
  void release_node(const std::string& node);
  /// One whose report is due there, those first whose requester may still be there; null: none.
  PendingPtr next_to_report(const std::string& node) const;
  /// The requester's association: there is one attempt on it.
  std::shared_ptr<DimseAssociation> take_association(Pending& pending);

  /// It goes on like this, not before `due`.
  void update(Pending& pending, Transaction transaction, Clock::time_point due);
  void postpone(Pending& pending, Clock::time_point due);
  void remove(const std::string& key);

  void stop();  ///< whoever waits is let go
  bool stopping() const;
  /// Waits, but not beyond `stop`; false: that has come.
  bool sleep(std::chrono::nanoseconds time);
  void clear();

 private:
  using Lock = std::unique_lock<std::mutex>;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::map<std::string, PendingPtr> pending_;  ///< by key: oldest first
  std::set<std::string> nodes_;                ///< being reported to at this moment
};

}  // namespace fermata::storage_commitment
