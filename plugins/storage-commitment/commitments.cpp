#include "commitments.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "event_report.hpp"
#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::storage_commitment {
namespace {

constexpr uint16_t kNEventReport = 0x0100;
constexpr std::chrono::hours kCleaningInterval{1};
constexpr std::chrono::seconds kStoreTrouble{10};

/// Reports to one node go out one after the other.
std::string node_of(const Transaction& t) { return t.ae_title + "@" + t.address + ">" + t.called_ae_title; }

/// Success and the warnings of PS3.7 C.3.
bool is_taken(uint16_t status) {
  return status == 0 || status == 0x0001 || status == 0x0107 || status == 0x0116 || (status & 0xf000) == 0xb000;
}

bool names_the_same(const std::vector<Reference>& a, const std::vector<Reference>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Reference& x, const Reference& y) {
    return x.sop_class_uid == y.sop_class_uid && x.sop_instance_uid == y.sop_instance_uid;
  });
}

class Answer : public DimseResponseSink {
 public:
  bool take(const DimseResponse& response) override {
    status_ = response.status;
    comment_ = response.error_comment;
    return true;
  }
  /// Why the report does not count as delivered; empty if it does.
  std::string problem() const {
    if (is_taken(status_)) return {};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "the node answers the report with status 0x%04X", status_);
    return comment_.empty() ? text.data() : std::string(text.data()) + " (" + comment_ + ")";
  }

 private:
  uint16_t status_ = 0x0110;
  std::string comment_;
};

}  // namespace

Commitments::Commitments(TransactionStore& store, Archive& archive, DimseClient& client, Settings settings,
                         const Journal& journal)
    : store_(store),
      client_(client),
      settings_(std::move(settings)),
      journal_(journal),
      verifier_(archive, journal, settings_.maximum_rate,
                [this](std::chrono::nanoseconds time) { return sleep(time); }) {}

Commitments::~Commitments() { stop(); }

void Commitments::load() {
  store_.remove_orphans();
  store_.for_each(
      [this](Transaction&& transaction) {
        if (!transaction.finished()) add(std::move(transaction), nullptr);
      },
      [this](const std::string& problem) {
        journal_.log(LogLevel::error, "a commitment request is left out: " + problem, {});
      });
}

void Commitments::start() {
  threads_.emplace_back([this] { check_all(); });
  for (unsigned i = 0; i < settings_.reporters; ++i) threads_.emplace_back([this] { report_all(); });
}

void Commitments::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto* association : in_use_) association->abort();
    changed_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  pending_.clear();
}

std::size_t Commitments::unfinished() const {
  const std::lock_guard lock(mutex_);
  return pending_.size();
}

/// Waits, but not beyond `stop`; false: that has come.
bool Commitments::sleep(std::chrono::nanoseconds time) {
  Lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopping_; });
}

// Requests -----------------------------------------------------------------------------------------------------------

void Commitments::accept(Transaction transaction, std::vector<Reference> references,
                         std::unique_ptr<DimseAssociation> association) {
  std::optional<Transaction> same;
  {
    const std::lock_guard lock(mutex_);
    if (pending_.size() >= settings_.maximum_unfinished)
      throw Error(Code::unavailable, "too many commitment requests are unfinished");
    same = same_request(transaction);
  }
  if (same) {
    const bool identical = names_the_same(store_.references(*same), references);
    if (identical && join(same->key, association)) return;
    if (!identical) {
      for (auto& reference : references) reference.reason = reason::kDuplicateTransaction;
      transaction.state = Transaction::State::reporting;
      transaction.failed = references.size();
    }
  }
  store_.add(transaction, references);
  journal_.count("requests_total", 1);
  const std::lock_guard lock(mutex_);
  add(std::move(transaction), std::move(association));
}

std::optional<Transaction> Commitments::same_request(const Transaction& transaction) const {
  for (const auto& [key, pending] : pending_)
    if (pending->transaction.uid == transaction.uid && pending->transaction.ae_title == transaction.ae_title)
      return pending->transaction;
  return {};
}

/// False if the request has been finished meanwhile.
bool Commitments::join(const std::string& key, std::unique_ptr<DimseAssociation>& association) {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(key);
  if (found == pending_.end()) return false;
  found->second->association = std::move(association);
  found->second->due = Clock::now();
  changed_.notify_all();
  return true;
}

void Commitments::add(Transaction transaction, std::shared_ptr<DimseAssociation> association) {
  auto key = transaction.key;
  pending_.emplace(std::move(key),
                   std::make_shared<Pending>(Pending{std::move(transaction), std::move(association), Clock::now()}));
  changed_.notify_all();
}

// Verification -------------------------------------------------------------------------------------------------------

void Commitments::check_all() {
  auto clean = Clock::now();
  for (;;) {
    if (Clock::now() >= clean) {
      remove_old();
      clean = Clock::now() + kCleaningInterval;
    }
    const auto next = next_to_check(clean);
    if (!next) {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      continue;
    }
    try {
      check(next);
    } catch (const std::exception& error) {
      journal_.log(LogLevel::error, std::string("a commitment request can't be worked on: ") + error.what(),
                   {{"transaction_uid", next->transaction.uid}});
      const std::lock_guard lock(mutex_);
      next->due = Clock::now() + kStoreTrouble;
    }
  }
}

/// Waits for it; null when the program stops, or `until` has come.
Commitments::PendingPtr Commitments::next_to_check(Clock::time_point until) {
  Lock lock(mutex_);
  while (!stopping_ && Clock::now() < until) {
    auto wake = until;
    for (const auto& [key, pending] : pending_) {
      if (pending->transaction.state != Transaction::State::checking) continue;
      if (pending->due <= Clock::now()) return pending;
      wake = std::min(wake, pending->due);
    }
    changed_.wait_until(lock, wake);
  }
  return nullptr;
}

/// A piece that has been verified is not verified again after a restart.
void Commitments::check(const PendingPtr& pending) {
  auto transaction = pending->transaction;
  transaction.failed = 0;
  for (std::size_t number = 0; number < store_.pieces(transaction); ++number) {
    auto piece = store_.piece(transaction, number);
    bool changed = false;
    for (auto& reference : piece) {
      if (reference.reason == reason::kUnchecked) {
        reference.reason = verifier_.verify(reference);
        changed = true;
      }
      if (reference.reason == reason::kUnchecked) return;  // the program stops
      if (reference.reason != reason::kCommitted) ++transaction.failed;
    }
    if (changed) store_.update_piece(transaction, number, piece);
  }
  transaction.state = Transaction::State::reporting;
  transaction.changed_us = now_us();
  store_.update(transaction);
  journal_.count("verified_instances_total", transaction.references);
  const std::lock_guard lock(mutex_);
  pending->transaction = std::move(transaction);
  pending->due = Clock::now();
  changed_.notify_all();
}

void Commitments::remove_old() {
  const auto oldest = now_us() - std::chrono::duration_cast<std::chrono::microseconds>(settings_.keep).count();
  try {
    store_.for_each(
        [&](const Transaction& transaction) {
          if (transaction.finished() && transaction.changed_us < oldest) store_.remove(transaction);
        },
        [](const std::string&) {});
  } catch (const std::exception& error) {
    journal_.log(LogLevel::error, std::string("old commitment requests can't be removed: ") + error.what(), {});
  }
}

// Reports ------------------------------------------------------------------------------------------------------------

void Commitments::report_all() {
  for (;;) {
    std::string node;
    {
      Lock lock(mutex_);
      node = claim_node(lock);
      if (node.empty()) return;
    }
    report_to(node);
    const std::lock_guard lock(mutex_);
    nodes_.erase(node);
    changed_.notify_all();
  }
}

/// Waits until something is due for a node that nobody reports to. Empty: the program stops.
std::string Commitments::claim_node(Lock& lock) {
  for (;;) {
    if (stopping_) return {};
    auto wake = Clock::now() + kCleaningInterval;
    for (const auto& [key, pending] : pending_) {
      if (pending->transaction.state != Transaction::State::reporting) continue;
      auto node = node_of(pending->transaction);
      if (nodes_.contains(node)) continue;
      if (pending->due <= Clock::now()) {
        nodes_.insert(node);
        return node;
      }
      wake = std::min(wake, pending->due);
    }
    changed_.wait_until(lock, wake);
  }
}

/// All that is due for a node, over one association as long as it lasts.
void Commitments::report_to(const std::string& node) {
  std::unique_ptr<DimseAssociation> opened;
  std::string unreachable;  // once it is known, nothing more is tried
  while (const auto pending = next_to_report(node)) {
    std::shared_ptr<DimseAssociation> requester;
    {
      const std::lock_guard lock(mutex_);
      requester = std::exchange(pending->association, nullptr);
    }
    std::string problem = requester ? "" : unreachable;
    try {
      if (requester) {
        problem = report(*requester, pending->transaction);
      } else if (problem.empty()) {
        if (!opened) opened = open(pending->transaction);
        problem = report(*opened, pending->transaction);
      }
    } catch (const std::exception& error) {
      problem = error.what();
      if (!requester) {
        unreachable = problem;
        opened.reset();
      }
    }
    if (problem.empty())
      reported(pending);
    else if (!requester)  // else it is still due, for a new association
      postpone(pending, problem);
  }
}

/// Those first whose requester may still be there.
Commitments::PendingPtr Commitments::next_to_report(const std::string& node) {
  const std::lock_guard lock(mutex_);
  PendingPtr next;
  if (stopping_) return next;
  for (const auto& [key, pending] : pending_) {
    if (pending->transaction.state != Transaction::State::reporting || pending->due > Clock::now() ||
        node_of(pending->transaction) != node)
      continue;
    if (pending->association) return pending;
    if (!next) next = pending;
  }
  return next;
}

std::unique_ptr<DimseAssociation> Commitments::open(const Transaction& transaction) {
  const DimseContext contexts[] = {{kSopClassUid, {}, DimseRole::scp}};  // PS3.4 J.3.3.1.2
  return client_.open({transaction.ae_title, transaction.address, transaction.called_ae_title}, contexts);
}

/// Returns why the node has not taken it; empty if it has.
std::string Commitments::report(DimseAssociation& association, const Transaction& transaction) {
  const auto references = store_.references(transaction);
  const auto data_set = event_report(transaction.uid, settings_.retrieve_ae_title, references);
  auto event = request_with(data_set, kNEventReport, kSopClassUid);
  event.event_or_action_type = transaction.failed == 0 ? kAllCommitted : kFailuresExist;
  event.sop_instance_uid = kSopInstanceUid;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) throw Error(Code::unavailable, "the archive is shutting down");
    in_use_.insert(&association);
  }
  struct Release {
    Commitments& self;
    DimseAssociation* association;
    ~Release() {
      const std::lock_guard lock(self.mutex_);
      self.in_use_.erase(association);
    }
  } release{*this, &association};
  Answer answer;
  association.request(event, settings_.response_timeout, answer);
  return answer.problem();
}

void Commitments::reported(const PendingPtr& pending) {
  auto transaction = pending->transaction;
  transaction.state = Transaction::State::reported;
  transaction.changed_us = now_us();
  transaction.problem.clear();
  ++transaction.attempts;
  save(transaction);
  journal_.count("reports_total", 1);
  journal_.log(
      transaction.failed == 0 ? LogLevel::info : LogLevel::warning,
      transaction.failed == 0 ? "storage commitment was reported" : "storage commitment was reported, with failures",
      {{"ae_title", transaction.ae_title},
       {"instances", std::to_string(transaction.references)},
       {"failed", std::to_string(transaction.failed)},
       {"transaction_uid", transaction.uid}});
  const std::lock_guard lock(mutex_);
  pending_.erase(transaction.key);
}

void Commitments::postpone(const PendingPtr& pending, const std::string& problem) {
  auto transaction = pending->transaction;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;  // it was our doing
  }
  const auto doublings = std::min<uint32_t>(transaction.attempts, 20);
  const auto wait = std::min(settings_.longest_retry_interval, settings_.retry_interval * (int64_t{1} << doublings));
  ++transaction.attempts;
  transaction.problem = problem;
  transaction.changed_us = now_us();
  const bool too_old =
      std::chrono::microseconds(transaction.changed_us - transaction.requested_us) > settings_.retry_for;
  if (too_old) transaction.state = Transaction::State::given_up;
  save(transaction);
  if (too_old || transaction.attempts == 1)
    journal_.log(LogLevel::warning,
                 (too_old ? "a storage commitment report is given up: "
                          : "a storage commitment report could not be delivered and will be sent again: ") +
                     problem,
                 {{"ae_title", transaction.ae_title},
                  {"attempts", std::to_string(transaction.attempts)},
                  {"transaction_uid", transaction.uid}});
  const std::lock_guard lock(mutex_);
  if (too_old) {
    pending_.erase(transaction.key);
    return;
  }
  pending->transaction = std::move(transaction);
  pending->due = Clock::now() + wait;
}

/// Where even this fails, a report may be sent once more after a restart: better than never.
void Commitments::save(const Transaction& transaction) {
  try {
    store_.update(transaction);
  } catch (const std::exception& error) {
    journal_.log(LogLevel::error, std::string("the state of a commitment request can't be stored: ") + error.what(),
                 {{"transaction_uid", transaction.uid}});
  }
}

}  // namespace fermata::storage_commitment
