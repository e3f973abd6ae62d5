#include "account_book.hpp"

#include <algorithm>
#include <span>

#include "account_document.hpp"
#include "fermata/error.hpp"

namespace fermata::accounts {

AccountBook::AccountBook(StateStore& store) : store_(store) {
  const auto cursor = store_.list(kCollection, {});
  for (Document document; cursor->next(document);) {
    Account account;
    from_document(document.content, account);
    accounts_[account.name] = std::make_shared<const Account>(account);
  }
}

KnownAccount AccountBook::find(std::string_view name) const {
  if (!is_name(name)) return nullptr;
  const auto key = checked_name(name);
  const std::shared_lock lock(mutex_);
  const auto found = accounts_.find(key);
  return found == accounts_.end() ? nullptr : found->second;
}

KnownAccount AccountBook::get(std::string_view name) const {
  auto found = find(name);
  if (!found) throw Error(Code::not_found, "There is no account of this name.");
  return found;
}

std::vector<KnownAccount> AccountBook::list() const {
  const std::shared_lock lock(mutex_);
  std::vector<KnownAccount> all;
  for (const auto& [name, account] : accounts_) all.push_back(account);
  return all;
}

bool AccountBook::has_administrator() const {
  const std::shared_lock lock(mutex_);
  return std::any_of(accounts_.begin(), accounts_.end(),
                     [](const auto& entry) { return entry.second->is_working_administrator(); });
}

KnownAccount AccountBook::add(Account account) {
  const std::lock_guard writing(writing_);
  account.name = checked_name(account.name);
  if (find(account.name)) throw Error(Code::conflict, "There is an account of this name already.");
  write(account, StateStore::kAbsent);
  return get(account.name);
}

KnownAccount AccountBook::change(std::string_view name, const std::function<void(Account&)>& edit) {
  const std::lock_guard writing(writing_);
  const auto before = get(name);
  Account after = *before;
  edit(after);
  after.name = before->name;
  check_administrator_left(*before, &after);
  write(after, StateStore::kAny);
  return get(name);
}

void AccountBook::remove(std::string_view name) {
  const std::lock_guard writing(writing_);
  const auto before = get(name);
  check_administrator_left(*before, nullptr);
  store_.remove(kCollection, before->name, StateStore::kAny);
  const std::lock_guard lock(mutex_);
  accounts_.erase(before->name);
}

void AccountBook::check_administrator_left(const Account& before, const Account* after) const {
  if (!before.is_working_administrator() || (after != nullptr && after->is_working_administrator())) return;
  for (const auto& account : list())
    if (account->name != before.name && account->is_working_administrator()) return;
  throw Error(Code::conflict,
              "\"" + before.name + "\" is the only administrator who can log in. Make somebody else one first.");
}

/// `writing_` is held.
void AccountBook::write(const Account& account, uint64_t expected_version) {
  const auto document = to_document(account);
  store_.put(kCollection, account.name, std::as_bytes(std::span(document)), expected_version);
  const std::lock_guard lock(mutex_);
  accounts_[account.name] = std::make_shared<const Account>(account);
}

}  // namespace fermata::accounts
