#include "account_document.hpp"

#include <boost/json.hpp>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

namespace json = boost::json;

constexpr int64_t kVersion = 1;

std::string text(const json::object& object, const char* name) { return json::value_to<std::string>(object.at(name)); }
int64_t number(const json::object& object, const char* name) { return object.at(name).to_number<int64_t>(); }

/// `read(object)` of a document of our version.
template <class Read>
void read_document(std::span<const std::byte> content, const char* what, Read&& read) {
  int64_t version = 0;
  try {
    const auto value = json::parse({reinterpret_cast<const char*>(content.data()), content.size()});
    const auto& object = value.as_object();
    version = number(object, "version");
    if (version == kVersion) return read(object);
  } catch (const std::exception& e) {
    throw Error(Code::corrupt, std::string(what) + " in the state store can't be read: " + e.what());
  }
  throw Error(Code::unsupported, std::string(what) + " in the state store has version " + std::to_string(version) +
                                     ", written by a newer version of this plugin: use that version");
}

json::array rules_to_json(const std::vector<VisibilityRule>& rules) {
  json::array all;
  for (const auto& rule : rules)
    all.push_back(json::object{{"attribute", rule.attribute}, {"values", json::value_from(rule.values)}});
  return all;
}

}  // namespace

std::string to_document(const Account& a) {
  json::object object{{"version", kVersion},
                      {"name", a.name},
                      {"display_name", a.display_name},
                      {"email", a.email},
                      {"role", a.role},
                      {"also", json::value_from(a.also)},
                      {"password_hash", a.password_hash},
                      {"enabled", a.enabled},
                      {"must_change_password", a.must_change_password},
                      {"created", a.created},
                      {"last_login", a.last_login},
                      {"visibility", rules_to_json(a.visibility)}};
  if (a.setup) object["setup"] = json::object{{"hash", a.setup->hash}, {"expires", a.setup->expires}};
  return json::serialize(object);
}

void from_document(std::span<const std::byte> content, Account& account) {
  read_document(content, "an account", [&](const json::object& object) {
    Account a;
    a.name = checked_name(text(object, "name"));
    a.display_name = text(object, "display_name");
    a.email = text(object, "email");
    a.role = text(object, "role");
    if (const auto* also = object.if_contains("also")) a.also = json::value_to<std::vector<std::string>>(*also);
    a.password_hash = text(object, "password_hash");
    a.enabled = object.at("enabled").as_bool();
    a.must_change_password = object.at("must_change_password").as_bool();
    a.created = number(object, "created");
    a.last_login = number(object, "last_login");
    for (const auto& rule : object.at("visibility").as_array())
      a.visibility.push_back({text(rule.as_object(), "attribute"),
                              json::value_to<std::vector<std::string>>(rule.as_object().at("values"))});
    if (const auto* setup = object.if_contains("setup"))
      a.setup = SetupLink{text(setup->as_object(), "hash"), number(setup->as_object(), "expires")};
    account = std::move(a);
  });
}

std::string to_document(const Session& s) {
  return json::serialize(json::object{{"version", kVersion},
                                      {"user", s.user},
                                      {"created", s.created},
                                      {"last_used", s.last_used},
                                      {"address", s.address},
                                      {"user_agent", s.user_agent}});
}

void from_document(std::span<const std::byte> content, Session& session) {
  read_document(content, "a session", [&](const json::object& object) {
    session.user = text(object, "user");
    session.created = number(object, "created");
    session.last_used = number(object, "last_used");
    session.address = text(object, "address");
    session.user_agent = text(object, "user_agent");
  });
}

std::string to_document(const AccessToken& t) {
  json::object object{{"version", kVersion},  {"user", t.user},           {"label", t.label},
                      {"created", t.created}, {"last_used", t.last_used}, {"expires", t.expires}};
  if (t.permissions) object["permissions"] = json::value_from(*t.permissions);
  return json::serialize(object);
}

void from_document(std::span<const std::byte> content, AccessToken& token) {
  read_document(content, "an access token", [&](const json::object& object) {
    token.user = text(object, "user");
    token.label = text(object, "label");
    token.created = number(object, "created");
    token.last_used = number(object, "last_used");
    token.expires = number(object, "expires");
    if (const auto* permissions = object.if_contains("permissions"))
      token.permissions = json::value_to<std::vector<std::string>>(*permissions);
  });
}

}  // namespace fermata::accounts
