#pragma once
#include <mutex>
#include <set>
#include <string>

#include "fermata/dimse_client.hpp"
#include "settings.hpp"
#include "transaction_store.hpp"

namespace fermata::storage_commitment {

/// Sends reports to nodes, until it is stopped.
///
/// **Thread**: any. **Ownership**: borrows the store and the client. **Errors**: those of the store and of the
/// association; unavailable after `stop`.
class ReportSender {
 public:
  ReportSender(TransactionStore& store, DimseClient& client, const Settings& settings)
      : store_(store), client_(client), settings_(settings) {}

  /// An association to the requester on which it takes reports.
  std::unique_ptr<DimseAssociation> open(const Transaction& transaction);
  /// Returns why the node has not taken it; empty if it has.
  std::string send(DimseAssociation& association, const Transaction& transaction);
  /// Aborts the associations on which reports are on their way.
  void stop();

 private:
  TransactionStore& store_;
  DimseClient& client_;
  const Settings& settings_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::set<DimseAssociation*> in_use_;
};

}  // namespace fermata::storage_commitment
