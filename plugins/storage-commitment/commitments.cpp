#include "commitments.hpp"

#include <algorithm>
#include <utility>

#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::storage_commitment {
namespace {

constexpr std::chrono::hours kCleaningInterval{1};
constexpr std::chrono::seconds kStoreTrouble{10};

bool names_the_same(const std::vector<Reference>& a, const std::vector<Reference>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Reference& x, const Reference& y) {
    return x.sop_class_uid == y.sop_class_uid && x.sop_instance_uid == y.sop_instance_uid;
  });
}

}  // namespace

Commitments::Commitments(TransactionStore& store, Archive& archive, DimseClient& client, Settings settings,
                         const Journal& journal)
    : store_(store),
      settings_(std::move(settings)),
      journal_(journal),
      verifier_(archive, journal, settings_.maximum_rate,
                [this](std::chrono::nanoseconds time) { return unfinished_.sleep(time); }),
      sender_(store, client, settings_) {}

Commitments::~Commitments() { stop(); }

void Commitments::load() {
  store_.remove_orphans();
  store_.for_each(
      [this](Transaction&& transaction) {
        if (!transaction.finished()) unfinished_.add(std::move(transaction), nullptr);
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
  unfinished_.stop();
  sender_.stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  unfinished_.clear();
}

void Commitments::accept(Transaction transaction, std::vector<Reference> references,
                         std::unique_ptr<DimseAssociation> association) {
  if (unfinished_.size() >= settings_.maximum_unfinished)
    throw Error(Code::unavailable, "too many commitment requests are unfinished");
  const auto same = unfinished_.same_request(transaction);
  if (same) {
    const bool identical = names_the_same(store_.references(*same), references);
    if (identical && unfinished_.join(same->key, association)) return;
    if (!identical) {
      for (auto& reference : references) reference.reason = reason::kDuplicateTransaction;
      transaction.state = Transaction::State::reporting;
      transaction.failed = references.size();
    }
  }
  store_.add(transaction, references);
  journal_.count("requests_total", 1);
  unfinished_.add(std::move(transaction), std::move(association));
}

void Commitments::check_all() {
  auto clean = Clock::now();
  for (;;) {
    if (Clock::now() >= clean) {
      remove_old();
      clean = Clock::now() + kCleaningInterval;
    }
    const auto next = unfinished_.next_to_check(clean);
    if (unfinished_.stopping()) return;
    if (!next) continue;
    try {
      check(next);
    } catch (const std::exception& error) {
      journal_.log(LogLevel::error, std::string("a commitment request can't be worked on: ") + error.what(),
                   {{"transaction_uid", next->transaction.uid}});
      unfinished_.postpone(*next, Clock::now() + kStoreTrouble);
    }
  }
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
  unfinished_.update(*pending, std::move(transaction), Clock::now());
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

void Commitments::report_all() {
  for (auto node = unfinished_.claim_node(); !node.empty(); node = unfinished_.claim_node()) {
    report_to(node);
    unfinished_.release_node(node);
  }
}

/// All that is due for a node, over one association as long as it lasts.
void Commitments::report_to(const std::string& node) {
  std::unique_ptr<DimseAssociation> opened;
  std::string unreachable;  // once it is known, nothing more is tried
  while (const auto pending = unfinished_.next_to_report(node)) {
    const auto requester = unfinished_.take_association(*pending);
    std::string problem = requester ? "" : unreachable;
    try {
      if (requester) {
        problem = sender_.send(*requester, pending->transaction);
      } else if (problem.empty()) {
        if (!opened) opened = sender_.open(pending->transaction);
        problem = sender_.send(*opened, pending->transaction);
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
  unfinished_.remove(transaction.key);
}

void Commitments::postpone(const PendingPtr& pending, const std::string& problem) {
  if (unfinished_.stopping()) return;  // it was our doing
  auto transaction = pending->transaction;
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
  if (too_old)
    unfinished_.remove(transaction.key);
  else
    unfinished_.update(*pending, std::move(transaction), Clock::now() + wait);
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
