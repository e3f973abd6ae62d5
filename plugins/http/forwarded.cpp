#include "forwarded.hpp"

#include <algorithm>

namespace fermata::http {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

std::string last_of(std::string_view list) {
  const auto items = list_items(list);
  return items.empty() ? std::string() : std::string(items.back());
}

}  // namespace

std::vector<ForwardedElement> forwarded_elements(std::string_view field) {
  std::vector<ForwardedElement> elements;
  for (const auto text : list_items(field)) {
    auto& element = elements.emplace_back();
    for (const auto pair : list_items(text, ';')) {
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      const auto name = lower(trimmed(pair.substr(0, equals)));
      const auto value = unquoted(trimmed(pair.substr(equals + 1)));
      if (name == "for") element.client = value;
      if (name == "proto") element.scheme = lower(value);
      if (name == "host") element.host = value;
    }
  }
  return elements;
}

std::vector<ForwardedElement> x_forwarded_elements(const Fields& fields) {
  std::vector<ForwardedElement> elements;
  for (const auto client : list_items(fields.get("X-Forwarded-For"))) elements.push_back({std::string(client), "", ""});
  if (elements.empty()) return elements;
  elements.back().scheme = lower(last_of(fields.get("X-Forwarded-Proto")));
  elements.back().host = last_of(fields.get("X-Forwarded-Host"));
  return elements;
}

std::optional<IpAddress> node_address(std::string_view node) {
  if (node.starts_with('[')) {
    const auto end = node.find(']');
    return end == std::string_view::npos ? std::nullopt : IpAddress::parse(node.substr(1, end - 1));
  }
  if (std::count(node.begin(), node.end(), ':') == 1) node = node.substr(0, node.find(':'));
  return IpAddress::parse(node);
}

}  // namespace fermata::http
