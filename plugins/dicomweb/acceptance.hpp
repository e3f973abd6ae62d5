#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/http_router.hpp"
#include "fermata/query_parameters.hpp"

namespace fermata::dicomweb {

/// One media type that a client takes: of the whole body, or of each part of a multipart/related one.
struct MediaRange {
  enum class Packaging { single, multipart, either };
  Packaging packaging = Packaging::either;
  std::string type = "*/*";     ///< in lower case; the type or both may be `*`
  std::string transfer_syntax;  ///< a UID, `*` for any, or empty where none is named
  double quality = 1;
  std::vector<std::string> except;  ///< types within this one that the client likes less, or not at all

  bool allows_single() const { return packaging != Packaging::multipart; }
  bool allows_multipart() const { return packaging != Packaging::single; }
  bool includes(std::string_view media_type) const;
};

/// What a client accepts, best first; in the client's order where it has no preference (PS3.18 8.7.5). What can't be
/// parsed is ignored; an empty text accepts everything.
std::vector<MediaRange> parse_accept(std::string_view accept);

/// The query parameter `accept`, for links that can't set a header, or else the header.
std::vector<MediaRange> accepted_media(HttpRequest& request, const QueryParameters& parameters);

/// Asks `choose` about each range, best first, and returns its first answer that is one. Of equally good ranges the one
/// goes first for which the answer is `as_stored`: it costs nothing.
template <class Choose>
auto best_of(std::span<const MediaRange> ranges, Choose choose) -> decltype(choose(ranges.front())) {
  decltype(choose(ranges.front())) found;
  double quality = 0;
  for (const auto& range : ranges) {
    if (found && (found->as_stored || range.quality < quality)) break;
    auto choice = choose(range);
    if (!choice || (found && !choice->as_stored)) continue;
    found = std::move(choice);
    quality = range.quality;
  }
  return found;
}

}  // namespace fermata::dicomweb
