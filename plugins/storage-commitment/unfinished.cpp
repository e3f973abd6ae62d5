#include "unfinished.hpp"

#include <algorithm>
#include <utility>

namespace fermata::storage_commitment {
namespace {

constexpr std::chrono::hours kLongestWait{1};

/// Reports to one node go out one after the other.
std::string node_of(const Transaction& t) { return t.ae_title + "@" + t.address + ">" + t.called_ae_title; }

}  // namespace

void Unfinished::add(Transaction transaction, std::shared_ptr<DimseAssociation> association) {
  const std::lock_guard lock(mutex_);
  auto key = transaction.key;
  pending_.emplace(std::move(key),
                   std::make_shared<Pending>(Pending{std::move(transaction), std::move(association), Clock::now()}));
  changed_.notify_all();
}

bool Unfinished::join(const std::string& key, std::unique_ptr<DimseAssociation>& association) {
  const std::lock_guard lock(mutex_);
  const auto found = pending_.find(key);
  if (found == pending_.end()) return false;
  found->second->association = std::move(association);
  found->second->due = Clock::now();
  changed_.notify_all();
  return true;
}

std::optional<Transaction> Unfinished::same_request(const Transaction& transaction) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, pending] : pending_)
    if (pending->transaction.uid == transaction.uid && pending->transaction.ae_title == transaction.ae_title)
      return pending->transaction;
  return {};
}

std::size_t Unfinished::size() const {
  const std::lock_guard lock(mutex_);
  return pending_.size();
}

Unfinished::PendingPtr Unfinished::next_to_check(Clock::time_point until) {
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

std::string Unfinished::claim_node() {
  Lock lock(mutex_);
  for (;;) {
    if (stopping_) return {};
    auto wake = Clock::now() + kLongestWait;
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

void Unfinished::release_node(const std::string& node) {
  const std::lock_guard lock(mutex_);
  nodes_.erase(node);
  changed_.notify_all();
}

Unfinished::PendingPtr Unfinished::next_to_report(const std::string& node) const {
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

std::shared_ptr<DimseAssociation> Unfinished::take_association(Pending& pending) {
  const std::lock_guard lock(mutex_);
  return std::exchange(pending.association, nullptr);
}

void Unfinished::update(Pending& pending, Transaction transaction, Clock::time_point due) {
  const std::lock_guard lock(mutex_);
  pending.transaction = std::move(transaction);
  pending.due = due;
  changed_.notify_all();
}

void Unfinished::postpone(Pending& pending, Clock::time_point due) {
  const std::lock_guard lock(mutex_);
  pending.due = due;
}

void Unfinished::remove(const std::string& key) {
  const std::lock_guard lock(mutex_);
  pending_.erase(key);
}

void Unfinished::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

bool Unfinished::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool Unfinished::sleep(std::chrono::nanoseconds time) {
  Lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stopping_; });
}

void Unfinished::clear() {
  const std::lock_guard lock(mutex_);
  pending_.clear();
}

}  // namespace fermata::storage_commitment
