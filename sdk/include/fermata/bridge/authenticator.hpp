#pragma once
#include "fermata/authenticator.hpp"
#include "fermata/bridge/bridge.hpp"

namespace fermata::bridge {

inline fermata_credentials to_c(const Credentials& v) {
  return {sizeof(fermata_credentials), v.secure ? 1u : 0u, str(v.authorization), str(v.cookie), str(v.peer_address)};
}
template <>
struct Wire<const Credentials&> {
  using c = const fermata_credentials*;
  static Credentials from(c given) {
    const auto v = complete(*given);
    return {view(v.authorization), view(v.cookie), view(v.peer_address), v.secure != 0};
  }
};

template <>
struct Bridge<fermata::Identity> {
  using Table = fermata_identity_vt;
  using Handle = fermata_identity;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         destroy<fermata::Identity>,
                         Thunk<&fermata::Identity::user>::call,
                         Thunk<&fermata::Identity::may>::call,
                         Thunk<&fermata::Identity::sees_all_studies>::call,
                         Thunk<&fermata::Identity::sees_study>::call};
    return &t;
  }
  class Proxy final : public fermata::Identity, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    std::string_view user() override { return get<std::string_view>(&Table::user); }
    bool may(std::string_view permission) override { return get<bool>(&Table::may, str(permission)); }
    bool sees_all_studies() override { return get<bool>(&Table::sees_all_studies); }
    bool sees_study(std::string_view uid) override { return get<bool>(&Table::sees_study, str(uid)); }
  };
};

template <>
struct Bridge<Authenticator> {
  using Table = fermata_authenticator_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Authenticator::identify>::call, Thunk<&Authenticator::login_page>::call,
                         Thunk<&Authenticator::retry_after>::call};
    return &t;
  }
  class Proxy final : public Authenticator, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<fermata::Identity> identify(const Credentials& v) override {
      const auto c = to_c(v);
      return get<std::unique_ptr<fermata::Identity>>(&Table::identify, &c);
    }
    std::string_view login_page() override { return get<std::string_view>(&Table::login_page); }
    uint64_t retry_after(const Credentials& v) override {
      const auto c = to_c(v);
      return get<uint64_t>(&Table::retry_after, &c);
    }
  };
};

}  // namespace fermata::bridge
