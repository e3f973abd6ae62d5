#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "fermata/error.hpp"

namespace fermata {

inline constexpr std::size_t kBlobKeyLimit = 512;
inline constexpr std::size_t kBlobKeySegmentLimit = 255;

/// Whether `text` may stand between two slashes of a blob's key.
inline bool is_blob_key_segment(std::string_view text) {
  if (text.empty() || text.size() > kBlobKeySegmentLimit || text == "." || text == "..") return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

/// Whether `text` may be a blob's key: what `BlobStore` says about keys, for those who write a store.
inline bool is_blob_key(std::string_view text) {
  if (text.size() > kBlobKeyLimit) return false;
  for (;;) {
    const auto slash = text.find('/');
    if (!is_blob_key_segment(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

/// **Errors**: invalid.
inline void require_blob_key(std::string_view key) {
  if (is_blob_key(key)) return;
  std::string shown(key.substr(0, kBlobKeyLimit));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  throw Error(Code::invalid, "\"" + shown +
                                 "\" cannot be the key of a blob: a key is 1 to 512 bytes of A-Z a-z 0-9 . _ - in "
                                 "segments of 1 to 255 bytes joined by '/', none of them '.' or '..'");
}

}  // namespace fermata
