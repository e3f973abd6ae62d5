#pragma once
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fermata/dicom/tag.hpp"
#include "fermata/error.hpp"

// How the keys of each column family are built. UIDs hold no NUL, so NUL separates them, and the order of the bytes is
// study, series, Instance Number, SOP Instance UID:
//
//   records   study                              attributes of the study
//             study 0                            its counts
//             study 0 series                     attributes of the series
//             study 0 series 0                   its counts
//             study 0 series 0 number instance   the instance
//   headers   study 0 series 0 number instance
//   uids      'i' instance                       where it is
//             's' series 0 study
//   patients  id 0 issuer 0 name 0 birth date 0 study
//   keys      tag value 0 study
//   changes   sequence
//   state     collection 0 id
//   meta      "format", "totals", "day:" and the day of an entry of `keys` for Study Date
namespace fermata::index_rocksdb {

inline constexpr char kNul = '\0';
inline constexpr std::size_t kMaximumUid = 64;
/// Longer values are cut in keys; the record decides then whether a study matches.
inline constexpr std::size_t kMaximumValue = 128;

/// Error invalid unless `uid` can be part of a key.
inline void check_uid(std::string_view uid, const char* name) {
  if (uid.empty()) throw Error(Code::invalid, std::string("the ") + name + " is empty: an instance needs one");
  if (uid.size() > kMaximumUid)
    throw Error(Code::invalid, std::string("the ") + name + " " + std::string(uid.substr(0, kMaximumUid)) +
                                   "... is longer than 64 characters");
  if (uid.find(kNul) != uid.npos)
    throw Error(Code::invalid, std::string("the ") + name + " holds a NUL character: remove it");
}

/// The bytes of a number in its order.
inline std::string big_endian(uint64_t v, unsigned bytes) {
  std::string s(bytes, kNul);
  for (unsigned i = bytes; i-- > 0; v >>= 8) s[i] = static_cast<char>(v & 0xff);
  return s;
}
inline uint64_t from_big_endian(std::string_view s) {
  uint64_t v = 0;
  for (const char c : s) v = v << 8 | static_cast<uint8_t>(c);
  return v;
}

/// An Instance Number (IS, PS3.5 6.2) as an unsigned number of the same order; absent or no number: as 0.
inline uint32_t sortable_number(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '+')) text.remove_prefix(1);
  int64_t n = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), n);
  if (result.ec == std::errc::result_out_of_range) n = text.starts_with('-') ? INT64_MIN : INT64_MAX;
  if (result.ec == std::errc::invalid_argument) n = 0;
  n = n < INT32_MIN ? INT32_MIN : n > INT32_MAX ? INT32_MAX : n;
  return static_cast<uint32_t>(n) ^ 0x80000000u;
}

// records and headers

inline std::string study_key(std::string_view study) { return std::string(study); }
inline std::string study_counts_key(std::string_view study) { return std::string(study) + kNul; }
inline std::string series_key(std::string_view study, std::string_view series) {
  return study_counts_key(study).append(series);
}
inline std::string series_counts_key(std::string_view study, std::string_view series) {
  return series_key(study, series) + kNul;
}
inline std::string instance_key(std::string_view study, std::string_view series, uint32_t number,
                                std::string_view instance) {
  return series_counts_key(study, series).append(big_endian(number, 4)).append(instance);
}
/// The first key behind all keys of a study, or of a series: NUL is the least byte, and ends what is below it.
inline std::string behind_study(std::string_view study) { return std::string(study) + '\1'; }
inline std::string behind_series(std::string_view study, std::string_view series) {
  return series_key(study, series) + '\1';
}

/// A key of `records` taken apart; views into the key.
struct RecordKey {
  enum class Kind { study, study_counts, series, series_counts, instance } kind = Kind::study;
  std::string_view study;
  std::string_view series;
  uint32_t number = 0;
  std::string_view instance;
};
inline RecordKey parse_record_key(std::string_view key) {
  RecordKey k;
  const auto first = key.find(kNul);
  k.study = key.substr(0, first);
  if (first == key.npos) return k;
  key.remove_prefix(first + 1);
  if (key.empty()) return k.kind = RecordKey::Kind::study_counts, k;
  const auto second = key.find(kNul);
  k.series = key.substr(0, second);
  if (second == key.npos) return k.kind = RecordKey::Kind::series, k;
  key.remove_prefix(second + 1);
  if (key.size() <= 4) return k.kind = RecordKey::Kind::series_counts, k;
  k.number = static_cast<uint32_t>(from_big_endian(key.substr(0, 4)));
  k.instance = key.substr(4);
  return k.kind = RecordKey::Kind::instance, k;
}

// uids

inline std::string instance_uid_key(std::string_view instance) { return std::string("i").append(instance); }
inline std::string series_uid_prefix(std::string_view series) { return std::string("s").append(series) + kNul; }
inline std::string series_uid_key(std::string_view series, std::string_view study) {
  return series_uid_prefix(series).append(study);
}

/// Where an instance is: the value behind its UID.
struct Place {
  std::string study;
  std::string series;
  uint32_t number = 0;
  std::string instance;
  std::string key() const { return instance_key(study, series, number, instance); }
};
inline std::string encode_place(std::string_view study, std::string_view series, uint32_t number) {
  return series_counts_key(study, series).append(big_endian(number, 4));
}
inline Place decode_place(std::string_view instance, std::string_view value) {
  const auto first = value.find(kNul);
  const auto second = first == value.npos ? value.npos : value.find(kNul, first + 1);
  if (second == value.npos || value.size() != second + 5)
    throw Error(Code::corrupt,
                "the index entry of instance " + std::string(instance) + " is damaged: run `fermata reindex`");
  return {std::string(value.substr(0, first)), std::string(value.substr(first + 1, second - first - 1)),
          static_cast<uint32_t>(from_big_endian(value.substr(second + 1))), std::string(instance)};
}

// patients and keys

/// A value as it stands in a key: cut, and without NUL.
inline std::string key_value(std::string_view value) {
  std::string s(value.substr(0, kMaximumValue));
  for (char& c : s)
    if (c == kNul) c = ' ';
  return s;
}

/// Everything before the study in a key of `patients`.
inline std::string patient_prefix(std::string_view id, std::string_view issuer, std::string_view name,
                                  std::string_view birth_date) {
  return key_value(id) + kNul + key_value(issuer) + kNul + key_value(name) + kNul + key_value(birth_date) + kNul;
}

inline std::string tag_prefix(dicom::Tag tag) { return big_endian(tag.value, 4); }
/// `value` is already a key_value.
inline std::string secondary_key(dicom::Tag tag, std::string_view value, std::string_view study) {
  return tag_prefix(tag).append(value).append(1, kNul).append(study);
}
/// Where it is counted how many studies are of a day: of the entries of Study Date whose value begins like `value`.
inline constexpr std::string_view kDayPrefix = "day:";
inline std::string day_key(std::string_view value) { return std::string(kDayPrefix).append(value.substr(0, 8)); }

/// The study at the end of a key of `patients` or `keys`.
inline std::string_view study_of(std::string_view key) {
  const auto separator = key.rfind(kNul);
  return separator == key.npos ? std::string_view{} : key.substr(separator + 1);
}
/// Tag and value at the beginning of a key of `keys`; empty where that is not told from the study.
inline std::string_view value_prefix(std::string_view key) {
  const auto separator = key.rfind(kNul);
  return separator == key.npos || separator < 4 ? std::string_view{} : key.substr(0, separator + 1);
}
inline std::string_view value_of_secondary_key(std::string_view key) {
  const auto separator = key.rfind(kNul);
  return separator == key.npos || separator < 4 ? std::string_view{} : key.substr(4, separator - 4);
}

/// The first key behind all keys that begin with `prefix`; empty where there is none.
inline std::string behind_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<uint8_t>(prefix.back()) + 1);
  return prefix;
}

}  // namespace fermata::index_rocksdb
