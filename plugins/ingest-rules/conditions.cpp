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

bool has_value(dicom::DataSetView header, dicom::Tag tag) {
  const auto element = header.find(tag);
  return element && !element->text().empty();
}

}  // namespace

bool Conditions::empty() const {
  return calling_ae_titles.empty() && called_ae_titles.empty() && networks.empty() && protocols.empty() &&
         keys.empty() && present.empty() && absent.empty();
}

bool Conditions::fit(dicom::DataSetView header, const StoreRequest& request) const {
  const auto has = [&](dicom::Tag tag) { return has_value(header, tag); };
  return one_fits(calling_ae_titles, request.calling_ae_title) && one_fits(called_ae_titles, request.called_ae_title) &&
         one_fits(protocols, request.protocol) && one_contains(networks, request.peer_address) &&
         std::all_of(present.begin(), present.end(), has) && std::none_of(absent.begin(), absent.end(), has) &&
         dicom::matches(keys, header);
}

}  // namespace fermata::ingest_rules
