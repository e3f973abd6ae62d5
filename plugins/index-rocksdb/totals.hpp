#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "encoding.hpp"
#include "fermata/error.hpp"
#include "fermata/index.hpp"

namespace fermata::index_rocksdb {

inline constexpr const char* kTotalsKey = "totals";

/// What every commit moves: the last change's sequence and the statistics.
struct Totals {
  uint64_t sequence = 0;
  IndexStatistics statistics;
};

inline std::string encode_totals(const Totals& t) {
  return Encoder()
      .varint(t.sequence)
      .varint(t.statistics.studies)
      .varint(t.statistics.series)
      .varint(t.statistics.instances)
      .varint(t.statistics.bytes)
      .take();
}

/// A number in the family `meta`. Error corrupt where it is none.
template <class F>
auto decode_meta(std::string_view key, std::string_view value, F&& read) {
  try {
    Decoder in(value);
    return read(in);
  } catch (const Decoder::Malformed&) {
    throw Error(Code::corrupt, "the entry " + std::string(key) +
                                   " of the index is damaged: move its folder away and run `fermata reindex`");
  }
}

inline Totals decode_totals(std::string_view value) {
  return decode_meta(kTotalsKey, value, [](Decoder& in) {
    Totals t;
    t.sequence = in.varint();
    t.statistics.studies = in.varint();
    t.statistics.series = in.varint();
    t.statistics.instances = in.varint();
    t.statistics.bytes = in.varint();
    return t;
  });
}

}  // namespace fermata::index_rocksdb
