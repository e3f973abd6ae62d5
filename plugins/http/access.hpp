#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client_origin.hpp"
#include "fermata/authenticator.hpp"
#include "fermata/ip_network.hpp"
#include "problem.hpp"
#include "request_head.hpp"

namespace fermata::http {

struct AccessSettings {
  /// Who may do everything without a login. Nothing said: programs on this machine if nobody can log in, else nobody.
  std::optional<std::vector<IpNetwork>> anonymous_networks;
  std::vector<std::string> server_names;     ///< how browsers may call this server, beside addresses and localhost
  std::vector<std::string> allowed_origins;  ///< other sites whose pages may use it; "*": all
};

/// Who sends a request, as far as its route wants to know. **Thread**: one at a time.
class Sender {
 public:
  Sender() = default;  ///< nobody
  explicit Sender(std::unique_ptr<Identity> identity) : identity_(std::move(identity)), user_(identity_->user()) {}
  /// From a network whose programs may do everything.
  static Sender trusted() {
    Sender sender;
    sender.trusted_ = true;
    return sender;
  }

  const std::string& user() const { return user_; }
  bool may(std::string_view permission) { return trusted_ || (identity_ && identity_->may(permission)); }
  bool sees_all_studies() { return trusted_ || (identity_ && identity_->sees_all_studies()); }
  bool sees_study(std::string_view uid) { return trusted_ || (identity_ && identity_->sees_study(uid)); }

 private:
  std::unique_ptr<Identity> identity_;
  std::string user_;
  bool trusted_ = false;
};

/// Who may use a route.
///
/// Where an Authenticator is loaded, its users may what they may, and anonymous networks are for those who configure
/// them. Otherwise whoever calls from an anonymous network may do everything. That trust is in people and programs on
/// those machines, not in web pages that they look at: a page that has found a way to the server under a name of its
/// own (DNS rebinding), or sends a form to it from another site, is kept out, with a login and without. **Thread**: any
/// number at once; `use` before.
class Access {
 public:
  explicit Access(AccessSettings settings);

  void use(Authenticator* authenticator);

  /// The sender of a request to a route that wants this permission; empty: a public one, whose sender may be nobody.
  /// `path`: the request's, without the server's prefix. Throws the Problem to answer with where they may not.
  Sender admit(const ClientOrigin& origin, const RequestHead& head, std::string_view path,
               std::string_view permission) const;
  bool allows_origin(std::string_view origin) const;

 private:
  std::unique_ptr<Identity> identify(const ClientOrigin& origin, const RequestHead& head, std::string_view path) const;
  [[noreturn]] void turn_away(const ClientOrigin& origin, const RequestHead& head, std::string_view path,
                              const std::string& why) const;
  [[noreturn]] void ask_to_wait(const Credentials& credentials, const std::string& why) const;
  bool is_trusted(const ClientOrigin& origin, const RequestHead& head) const;
  bool is_anonymous(const ClientOrigin& origin) const;
  bool knows_name(std::string_view authority) const;
  bool comes_from_other_site(const ClientOrigin& origin, const RequestHead& head) const;

  AccessSettings settings_;
  std::vector<IpNetwork> anonymous_networks_;
  Authenticator* authenticator_ = nullptr;
};

/// Nobody can listen: TLS up to us or to a trusted proxy, or a client on this machine.
bool is_secure(const ClientOrigin& origin);

}  // namespace fermata::http
