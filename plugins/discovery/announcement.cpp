#include "announcement.hpp"

#include <algorithm>
#include <cctype>

#include "clean_text.hpp"
#include "fermata/ip_address.hpp"
#include "fermata/ip_network.hpp"

namespace fermata::discovery {
namespace {

constexpr std::size_t kLongestTitle = 16;
constexpr std::size_t kLongestHost = 253;  // RFC 1035 2.3.4, as text
constexpr std::size_t kLongestDescription = 128;

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// Without the spaces around it; empty where it is no AE title.
std::string ae_title(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(' ') - first + 1);
  const bool proper = text.size() <= kLongestTitle &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e && c != '\\'; });
  return proper ? std::string(text) : std::string();
}

std::string host_name(std::string_view text) {
  const bool proper = text.size() <= kLongestHost && std::all_of(text.begin(), text.end(), [](unsigned char c) {
                        return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
                      });
  return proper ? std::string(text) : std::string();
}

/// Not "any", not many.
bool is_one_machine(const IpAddress& address) {
  static const IpNetwork kOthers[] = {IpNetwork::parse("0.0.0.0/8"), IpNetwork::parse("224.0.0.0/3"),
                                      IpNetwork::parse("::/128"), IpNetwork::parse("ff00::/8")};
  return std::none_of(std::begin(kOthers), std::end(kOthers), [&](const auto& n) { return n.contains(address); });
}

bool means_nothing_without_zone(const IpAddress& address) {
  static const auto kLinkLocal = IpNetwork::parse("fe80::/10");
  return kLinkLocal.contains(address);
}

}  // namespace

std::string_view txt_value(const std::vector<std::string>& txt, std::string_view key) {
  for (const std::string_view entry : txt) {
    const auto equals = entry.find('=');
    if (equals != std::string_view::npos && equal_without_case(entry.substr(0, equals), key))
      return entry.substr(equals + 1);
  }
  return {};
}

std::optional<StationRecord> station_from(const Announcement& announcement) {
  StationRecord station;
  station.ae_title = ae_title(txt_value(announcement.txt, "AETitle"));
  if (station.ae_title.empty()) station.ae_title = ae_title(announcement.instance);
  const auto address = IpAddress::parse(announcement.address);
  if (station.ae_title.empty() || announcement.port == 0 || !address || !is_one_machine(*address)) return {};
  station.address = address->text();
  if (means_nothing_without_zone(*address) && !announcement.zone.empty()) station.address += '%' + announcement.zone;
  station.host = host_name(announcement.host);
  station.port = announcement.port;
  station.description = clean_text(txt_value(announcement.txt, "serverDescription"), kLongestDescription);
  return station;
}

}  // namespace fermata::discovery
