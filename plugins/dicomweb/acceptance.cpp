#include "acceptance.hpp"

#include <algorithm>
#include <charconv>

namespace fermata::dicomweb {
namespace {

constexpr std::size_t kMostRanges = 100;  // those after are not worth the time to compare them

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

/// Cuts what stands before the next `separator` outside of quotes off `rest`.
std::string_view next_part(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    if (quoted && rest[end] == '\\')
      ++end;
    else if (rest[end] == '"')
      quoted = !quoted;
    else if (!quoted && rest[end] == separator)
      break;
  }
  end = std::min(end, rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(part);
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

struct Parameter {
  std::string name;
  std::string value;
};

bool next_parameter(std::string_view& rest, Parameter& parameter) {
  if (rest.empty()) return false;
  const auto text = next_part(rest, ';');
  const auto equals = std::min(text.find('='), text.size());
  parameter.name = lower(trimmed(text.substr(0, equals)));
  parameter.value = equals == text.size() ? std::string{} : unquoted(trimmed(text.substr(equals + 1)));
  return true;
}

double quality_of(const std::string& text) {
  double quality = 1;
  const auto end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, quality);
  return error != std::errc{} || last != end || !(quality <= 1) ? 1 : quality;
}

bool is_media_type(std::string_view text) {
  const auto slash = text.find('/');
  return slash != text.npos && slash != 0 && slash + 1 < text.size() && text.find('/', slash + 1) == text.npos;
}

/// In lower case. In a query, a "+" that was not encoded has become a space.
std::string media_type_name(std::string_view text) {
  auto name = lower(text);
  std::replace(name.begin(), name.end(), ' ', '+');
  return name;
}

/// `type` of a multipart: some clients put the parameters of the parts inside of its quotes.
void take_part_type(MediaRange& range, std::string_view value) {
  range.type = media_type_name(next_part(value, ';'));
  for (Parameter parameter; next_parameter(value, parameter);)
    if (parameter.name == "transfer-syntax") range.transfer_syntax = parameter.value;
}

MediaRange media_range(std::string_view text) {
  using Packaging = MediaRange::Packaging;
  MediaRange range;
  range.type = media_type_name(next_part(text, ';'));
  range.packaging = range.type == "*/*" ? Packaging::either : Packaging::single;
  if (range.type.starts_with("multipart/")) {
    const bool related = range.type == "multipart/related" || range.type == "multipart/*";
    range.packaging = Packaging::multipart;
    range.type = related ? "*/*" : "";
  }
  for (Parameter parameter; next_parameter(text, parameter);) {
    if (parameter.name == "type" && range.packaging == Packaging::multipart)
      take_part_type(range, parameter.value);
    else if (parameter.name == "transfer-syntax")
      range.transfer_syntax = parameter.value;
    else if (parameter.name == "q")
      range.quality = quality_of(parameter.value);
  }
  return range;
}

/// `range` may have wildcards.
bool within(std::string_view range, std::string_view media_type) {
  if (range == "*/*" || range == media_type) return true;
  return range.ends_with("/*") && media_type.starts_with(range.substr(0, range.size() - 1));
}

/// Of several ranges with a type, the most specific one has the say (RFC 9110 12.5.1).
void yield_to_more_specific(std::vector<MediaRange>& ranges) {
  for (auto& wide : ranges)
    for (const auto& narrow : ranges) {
      const bool less = narrow.quality < wide.quality && narrow.transfer_syntax.empty();
      const bool alike = narrow.allows_single() ? wide.allows_single() : !wide.allows_single();
      if (less && alike && narrow.type != wide.type && within(wide.type, narrow.type))
        wide.except.push_back(narrow.type);
    }
}

}  // namespace

bool MediaRange::includes(std::string_view media_type) const {
  return within(type, media_type) &&
         std::none_of(except.begin(), except.end(), [&](const auto& less) { return within(less, media_type); });
}

std::vector<MediaRange> parse_accept(std::string_view accept) {
  std::vector<MediaRange> ranges;
  for (auto rest = accept; !rest.empty() && ranges.size() < kMostRanges;) {
    auto range = media_range(next_part(rest, ','));
    if (is_media_type(range.type)) ranges.push_back(std::move(range));
  }
  yield_to_more_specific(ranges);
  std::erase_if(ranges, [](const MediaRange& range) { return range.quality <= 0; });
  if (trimmed(accept).empty()) ranges.emplace_back();
  std::stable_sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.quality > b.quality; });
  return ranges;
}

std::vector<MediaRange> accepted_media(HttpRequest& request, const QueryParameters& parameters) {
  const auto in_query = parameters.value("accept");
  return parse_accept(in_query.empty() ? request.header("Accept") : in_query);
}

}  // namespace fermata::dicomweb
