#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock.hpp"
#include "secret_book.hpp"
#include "session.hpp"

namespace fermata::accounts {

struct SessionLimits {
  std::chrono::seconds idle{8 * 3600};
  std::chrono::seconds lifetime{12 * 3600};
  std::size_t per_user = 20;  ///< of more, the one that was used least recently ends
};

/// Who is logged in with a cookie (`accounts.sessions`). They survive a restart.
///
/// **Thread**: any; `find` waits for no disk. **Ownership**: the state store outlives it. **Errors**: those of the
/// state store, and not_found.
class Sessions {
 public:
  static constexpr const char* kCollection = "accounts.sessions";

  Sessions(StateStore& store, SessionLimits limits, Clock clock);

  /// Returns the token, which nobody can tell later.
  std::string open(std::string_view user, std::string_view address, std::string_view user_agent);
  /// Nothing where it has ended.
  std::optional<Session> find(std::string_view token);
  std::vector<Session> of(std::string_view user) const;  ///< latest used first
  std::vector<Session> all() const {
    return book_.select([](const Session&) { return true; });
  }
  void close(std::string_view user, std::string_view id);  ///< Error not_found
  /// All of a user but one; an empty id: all.
  void close_all(std::string_view user, std::string_view except_id);

  /// Forgets those that have ended, and those of users that `exists` does not know.
  void clean(const std::function<bool(const std::string&)>& exists);
  void write_used() { book_.write_used(); }

 private:
  bool holds(const Session& session) const;
  void make_room(std::string_view user);

  const SessionLimits limits_;
  const Clock clock_;
  SecretBook<Session> book_;
};

}  // namespace fermata::accounts
