#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "fermata/c/authenticator.h"

namespace fermata {

/// What a request brings along to say who sends it. Borrowed for the call.
struct Credentials {
  std::string_view authorization;  ///< the field Authorization (RFC 9110 11.6.2), as sent
  std::string_view cookie;         ///< the field Cookie, as sent
  std::string_view peer_address;   ///< the client's, numeric, also behind a trusted proxy
  bool secure = false;             ///< nobody can listen: TLS, or from this machine
};

/// The permission that everybody has who is logged in.
inline constexpr std::string_view kMayLogIn = "login";

/// Who sends a request, and what they may do. **Ownership**: the caller's, for the length of the request.
/// **Thread**: one at a time.
class Identity {
 public:
  virtual ~Identity() = default;
  virtual std::string_view user() = 0;  ///< a name; empty: nobody, who may do nothing
  virtual bool may(std::string_view permission) = 0;
  virtual bool sees_all_studies() = 0;
  virtual bool sees_study(std::string_view study_instance_uid) = 0;
};

/// Tells who sends an HTTP request.
///
/// *Provided by* accounts, or a site's own directory; *used by* http, which asks for every request to a route that
/// wants a permission.
/// **Thread**: any number at once; it is on the way of every request: be quick, and keep what is slow (a password's
/// hash) in memory. **Errors**: refused (these credentials are wrong or have ended: the message is shown to the
/// client, and does not say which part is wrong), unavailable (too many attempts: 429).
class Authenticator {
 public:
  static constexpr const char* kId = FERMATA_AUTHENTICATOR_ID;
  virtual ~Authenticator() = default;
  /// A request without credentials has the identity of nobody.
  virtual std::unique_ptr<Identity> identify(const Credentials& credentials) = 0;
  /// Path of the page on which people log in: browsers that ask for a page are sent there, with `next` in its query.
  virtual std::string_view login_page() = 0;
  /// After `unavailable`: in how many seconds these credentials are looked at again; 0: nobody knows.
  virtual uint64_t retry_after(const Credentials&) { return 0; }
};

}  // namespace fermata

#include "fermata/bridge/authenticator.hpp"  // IWYU pragma: export
