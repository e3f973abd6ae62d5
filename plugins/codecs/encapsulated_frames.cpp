#include "encapsulated_frames.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "fermata/dicom/tag.hpp"
#include "fermata/error.hpp"

namespace fermata::codecs {
namespace {

constexpr std::size_t kItemHeader = 8;
constexpr std::size_t kStreamStart = 16;         ///< what a decoder wants to see of a bit stream
constexpr std::size_t kMostFragments = 4 << 20;  ///< more are no image
constexpr uint32_t kItem = 0xe000fffe;           ///< tags as they lie in the object, read as a number
constexpr uint32_t kSequenceDelimitation = 0xe0ddfffe;

template <class Number>
Number little_endian(std::span<const std::byte> bytes, std::size_t at = 0) {
  Number n = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;)
    n = static_cast<Number>(n << 8 | std::to_integer<Number>(bytes[at + i]));
  return n;
}

}  // namespace

EncapsulatedFrames::EncapsulatedFrames(ObjectReader& object, uint64_t offset, uint64_t frames,
                                       const FrameDecoder* decoder, ExtendedOffsetTable extended)
    : object_(object),
      object_length_(object.length()),
      frames_(frames),
      decoder_(decoder),
      extended_(std::move(extended)) {
  const auto header = look(offset, kItemHeader);
  if (header.size() < kItemHeader || little_endian<uint32_t>(header) != kItem)
    throw Error(Code::corrupt, "encapsulated pixel data does not begin with a Basic Offset Table");
  table_ = offset + kItemHeader;
  table_length_ = little_endian<uint32_t>(header, 4);
  first_ = table_ + table_length_;
}

uint64_t EncapsulatedFrames::length(uint64_t number) {
  uint64_t sum = 0;
  for (const auto& fragment : locate(number)) {
    if (fragment.cut) throw Error(Code::corrupt, "the object is cut short in frame " + std::to_string(number));
    sum += fragment.length;
  }
  return sum;
}

void EncapsulatedFrames::read(uint64_t number, std::span<std::byte> into) {
  for (const auto& fragment : locate(number)) {
    const auto piece = into.first(fragment.length);
    if (object_.read_at(fragment.offset, piece) < piece.size())
      throw Error(Code::corrupt, "the object is cut short in frame " + std::to_string(number));
    into = into.subspan(fragment.length);
  }
}

const EncapsulatedFrames::Fragments& EncapsulatedFrames::locate(uint64_t number) {
  if (number == 0 || number > frames_)
    throw Error(Code::not_found, "the object has no frame " + std::to_string(number));
  if (number == located_) return found_;
  located_ = 0;
  found_.clear();
  const bool listed =
      !scanned_ &&
      ((believable(&EncapsulatedFrames::by_extended_table, extended_is_believable_) &&
        by_extended_table(number, found_)) ||
       (believable(&EncapsulatedFrames::by_basic_table, basic_is_believable_) && by_basic_table(number, found_)));
  if (!listed) {
    if (!scanned_) scan();
    by_scan(number, found_);
  }
  located_ = number;
  return found_;
}

/// Whether it has the first frame at the beginning and the last one at the end.
bool EncapsulatedFrames::believable(bool (EncapsulatedFrames::*table)(uint64_t, Fragments&),
                                    std::optional<bool>& known) {
  if (!known) {
    Fragments fragments;
    known = (this->*table)(1, fragments) && fragments.front().offset == first_ + kItemHeader &&
            (this->*table)(frames_, fragments);
  }
  return *known;
}

bool EncapsulatedFrames::ends_at(uint64_t at) {
  const auto bytes = look(at, 4);
  return bytes.size() == 4 && little_endian<uint32_t>(bytes) == kSequenceDelimitation;
}

/// Each frame is one fragment where this table exists.
bool EncapsulatedFrames::by_extended_table(uint64_t number, Fragments& found) {
  if (extended_.offsets.count != frames_ || extended_.lengths.count != frames_) return false;
  const auto offset = number_at(extended_.offsets, number - 1);
  const auto length = number_at(extended_.lengths, number - 1);
  if (!offset || !length || *offset > UINT64_MAX - first_) return false;
  auto fragment = fragment_at(first_ + *offset);
  if (!fragment || *length > fragment->length || fragment->length - *length > 1) return false;
  if (number == frames_ && !ends_at(fragment->end())) return false;
  fragment->length = static_cast<uint32_t>(*length);
  found.assign(1, *fragment);
  return belongs_together(found);
}

bool EncapsulatedFrames::by_basic_table(uint64_t number, Fragments& found) {
  found.clear();
  if (table_length_ != 4 * frames_) return false;
  const auto entry = [&](uint64_t index) -> std::optional<uint64_t> {
    const auto bytes = look(table_ + 4 * index, 4);
    if (bytes.size() < 4) return {};
    return first_ + little_endian<uint32_t>(bytes);
  };
  const auto begin = entry(number - 1);
  const bool last = number == frames_;
  const auto end = last ? std::nullopt : entry(number);
  if (!begin || (!last && !end) || (end && *end <= *begin)) return false;
  if (!walk(*begin, end, found) || !belongs_together(found)) return false;
  if (!end || decoder_ == nullptr) return true;
  const auto next = fragment_at(*end);
  return next && next->begins;
}

/// Fragments up to an item that begins exactly at `to`, or to the end of all.
bool EncapsulatedFrames::walk(uint64_t from, std::optional<uint64_t> to, Fragments& found) {
  found.clear();
  for (uint64_t at = from; !to || at < *to;) {
    const auto fragment = fragment_at(at);
    if (!fragment) return !to && ends_at(at);
    if (found.size() == kMostFragments) return false;
    found.push_back(*fragment);
    at = fragment->end();
    if (to && at > *to) return false;
  }
  return true;
}

bool EncapsulatedFrames::belongs_together(const Fragments& fragments) const {
  if (fragments.empty()) return false;
  if (decoder_ == nullptr) return true;
  return fragments.front().begins &&
         std::none_of(fragments.begin() + 1, fragments.end(), [](const Fragment& f) { return f.begins; });
}

void EncapsulatedFrames::scan() {
  scanned_ = true;
  for (uint64_t at = first_;;) {
    const auto fragment = fragment_at(at);
    if (!fragment) break;  // the delimiter, or an object that is cut short: what there is can be used
    if (all_.size() == kMostFragments) throw Error(Code::unsupported, "the pixel data has too many fragments");
    all_.push_back(*fragment);
    at = fragment->end();
  }
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const bool starts = all_.size() == frames_ || (frames_ == 1 ? i == 0 : all_[i].begins);
    if (starts) starts_.push_back(i);
  }
}

void EncapsulatedFrames::by_scan(uint64_t number, Fragments& found) {
  found.clear();
  if (starts_.empty() || starts_.front() != 0)
    throw Error(Code::corrupt, "the object has " + std::to_string(frames_) + " frames in " +
                                   std::to_string(all_.size()) +
                                   " fragments, and nothing tells which belongs to which");
  if (number > starts_.size())
    throw Error(Code::corrupt, "the object holds only " + std::to_string(starts_.size()) + " of its " +
                                   std::to_string(frames_) + " frames");
  const auto begin = starts_[static_cast<std::size_t>(number) - 1];
  const auto end = number < starts_.size() ? starts_[static_cast<std::size_t>(number)] : all_.size();
  found.assign(all_.begin() + static_cast<std::ptrdiff_t>(begin), all_.begin() + static_cast<std::ptrdiff_t>(end));
}

/// The fragment whose item begins at `at`; none if there is no item.
std::optional<EncapsulatedFrames::Fragment> EncapsulatedFrames::fragment_at(uint64_t at) {
  const auto bytes = look(at, kItemHeader + kStreamStart);
  if (bytes.size() < kItemHeader || little_endian<uint32_t>(bytes) != kItem) return {};
  const auto length = little_endian<uint32_t>(bytes, 4);
  if (length == 0xffffffff) return {};
  const auto stream = bytes.subspan(kItemHeader);
  const auto start = stream.first(std::min<std::size_t>(stream.size(), length));
  small_fragments_ = length < window_.size() / 2;
  const bool cut = length > object_length_ - (at + kItemHeader);
  return Fragment{at + kItemHeader, length, decoder_ != nullptr && decoder_->begins(start), cut};
}

std::optional<uint64_t> EncapsulatedFrames::number_at(const LongNumbers& numbers, uint64_t index) {
  if (!numbers.bytes.empty()) return little_endian<uint64_t>(numbers.bytes, static_cast<std::size_t>(8 * index));
  const auto bytes = look(numbers.offset + 8 * index, 8);
  if (bytes.size() < 8) return {};
  return little_endian<uint64_t>(bytes);
}

/// Up to `count` bytes, valid until the next call. Small fragments are read several at once, large ones header by
/// header.
std::span<const std::byte> EncapsulatedFrames::look(uint64_t at, std::size_t count) {
  if (at >= object_length_) return {};
  count = static_cast<std::size_t>(std::min<uint64_t>(count, object_length_ - at));
  if (at < window_begin_ || at + count > window_begin_ + window_size_) {
    window_begin_ = at;
    window_size_ = static_cast<std::size_t>(
        object_.read_at(at, std::span(window_).first(small_fragments_ ? window_.size() : count)));
  }
  const auto there = std::span(window_).first(window_size_).subspan(static_cast<std::size_t>(at - window_begin_));
  return there.first(std::min(count, there.size()));
}

}  // namespace fermata::codecs
