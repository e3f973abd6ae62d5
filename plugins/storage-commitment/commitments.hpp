#pragma once
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/journal.hpp"
#include "report_sender.hpp"
#include "settings.hpp"
#include "transaction_store.hpp"
#include "unfinished.hpp"
#include "verifier.hpp"

namespace fermata::storage_commitment {

/// Everything between a request for storage commitment and its report (PS3.4 J.3): keeps the request, verifies its
/// instances one after the other on a thread of its own, and reports, on the requester's association if it is still
/// there, else on a new one, again and again until the report is confirmed or too old.
///
/// *Used by* CommitmentService and the plugin. **Thread**: `accept` from any; the rest from the plugin's.
/// **Ownership**: borrows store, archive and client until `stop`.
class Commitments {
 public:
  Commitments(TransactionStore& store, Archive& archive, DimseClient& client, Settings settings,
              const Journal& journal);
  ~Commitments();
  Commitments(const Commitments&) = delete;
  Commitments& operator=(const Commitments&) = delete;

  void load();   ///< what is unfinished from before
  void start();  ///< the threads
  void stop() noexcept;

  /// From here on the request survives whatever happens. The same request again is one with the first, as long as
  /// that is unfinished; another one under its Transaction UID is reported as a failure of every instance.
  /// **Errors**: unavailable (too many are unfinished), io.
  void accept(Transaction transaction, std::vector<Reference> references,
              std::unique_ptr<DimseAssociation> association);
  std::size_t unfinished() const { return unfinished_.size(); }

 private:
  using Clock = Unfinished::Clock;
  using PendingPtr = Unfinished::PendingPtr;

  void check_all();
  void check(const PendingPtr& pending);
  void remove_old();

  void report_all();
  void report_to(const std::string& node);
  void reported(const PendingPtr& pending);
  void postpone(const PendingPtr& pending, const std::string& problem);
  void save(const Transaction& transaction);

  TransactionStore& store_;
  const Settings settings_;
  const Journal& journal_;
  Unfinished unfinished_;
  Verifier verifier_;
  ReportSender sender_;
  std::vector<std::thread> threads_;
};

}  // namespace fermata::storage_commitment
