#include "conditions.hpp"

#include <algorithm>

namespace fermata::ingest_rules {
namespace {

bool one_fits(const std::vector<std::string>& patterns, std::string_view text) {
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(), [&](const auto& p) { return dicom::matches_wildcard(p, text); });
}

bool one_contains(const std::vector<IpNetwork>& networks, std::string_view address) {
  if (networks.empty()) return true;
  const auto parsed = IpAddress::parse(address);
  return parsed && std::any_of(networks.begin(), networks.end(), [&](const auto& n) { return n.contains(*parsed); });
}

/// Text of spaces is no value; zero is one.
bool has_value(dicom::DataSetView header, const Attribute& attribute) {
  const auto tag = attribute.tag_in(header);
  const auto element = tag ? header.find(*tag) : std::nullopt;
  if (!element) return false;
  return element->vr.is_string() ? !element->text().empty() : !element->value.empty();
}

bool matches(dicom::DataSetView header, const AttributeKey& wanted) {
  if (!wanted.attribute.is_private()) return dicom::matches(wanted.key, header);
  const auto tag = wanted.attribute.tag_in(header);
  if (!tag) return false;
  auto key = wanted.key;
  key.tag = *tag;
  return dicom::matches(key, header);
}

}  // namespace

bool Conditions::empty() const {
  return calling_ae_titles.empty() && called_ae_titles.empty() && networks.empty() && protocols.empty() &&
         keys.empty() && present.empty() && absent.empty();
}

bool Conditions::fit(dicom::DataSetView header, const StoreRequest& request) const {
  const auto has = [&](const Attribute& attribute) { return has_value(header, attribute); };
  return one_fits(calling_ae_titles, request.calling_ae_title) && one_fits(called_ae_titles, request.called_ae_title) &&
         one_fits(protocols, request.protocol) && one_contains(networks, request.peer_address) &&
         std::all_of(present.begin(), present.end(), has) && std::none_of(absent.begin(), absent.end(), has) &&
         std::all_of(keys.begin(), keys.end(), [&](const AttributeKey& key) { return matches(header, key); });
}

}  // namespace fermata::ingest_rules
