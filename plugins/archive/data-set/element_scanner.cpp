#include "data-set/element_scanner.hpp"

#include <algorithm>
#include <cstring>

#include "data-set/data_dictionary.hpp"
#include "fermata/dicom/written_vr.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

using dicom::Tag;
using dicom::Vr;

constexpr uint32_t kLargestHeaderValue = 64 << 10;
constexpr uint32_t kLargestHeaderText = 1 << 20;

Vr implicit_vr(Tag tag) {
  const Vr vr = DataDictionary().vr(tag);
  return vr == kObOrOw ? Vr("OW") : vr;
}

}  // namespace

ElementScanner::ElementScanner(Encoding encoding, ScanLimits limits, ScanListener* listener)
    : top_encoding_(encoding), limits_(limits), listener_(listener) {}

void ElementScanner::feed(std::span<const std::byte> data) {
  while (!data.empty()) {
    std::size_t used = data.size();
    switch (state_) {
      case State::header:
        used = collect_header(data);
        break;
      case State::value:
        used = consume_value(data);
        break;
      case State::zeros:
        consume_zeros(data);
        break;
    }
    position_ += used;
    data = data.subspan(used);
    if (state_ == State::header && head_size_ == head_wanted_) {
      on_header();
      head_size_ = 0;
      head_wanted_ = kShortHeader;
    }
  }
}

void ElementScanner::finish() {
  if (state_ == State::zeros) return;
  const bool between = state_ == State::header && open_.empty();
  if (between && head_size_ == 0) return;
  // The byte that pads an odd value to even length, where its sender has left it out of the length.
  if (between && head_size_ == 1 && odd_ && head_[0] == std::byte{0}) return;
  not_understood("the data set is cut short");
}

std::size_t ElementScanner::collect_header(std::span<const std::byte> data) {
  const std::size_t used = std::min(head_wanted_ - head_size_, data.size());
  std::memcpy(head_.data() + head_size_, data.data(), used);
  head_size_ += used;
  if (head_size_ == kShortHeader && head_wanted_ == kShortHeader)
    head_wanted_ = header_size(std::span(head_).first(kShortHeader), encoding());
  return used;
}

std::size_t ElementScanner::consume_value(std::span<const std::byte> data) {
  const auto used = static_cast<std::size_t>(std::min<uint64_t>(remaining_, data.size()));
  keep(data.first(used));
  remaining_ -= used;
  if (remaining_ == 0) state_ = State::header;
  return used;
}

void ElementScanner::consume_zeros(std::span<const std::byte> data) const {
  if (std::any_of(data.begin(), data.end(), [](std::byte b) { return b != std::byte{0}; }))
    not_understood("there are bytes after the end of the data set");
}

void ElementScanner::on_header() {
  if (++elements_ > limits_.elements) too_large("elements", "the data set has too many elements");
  const auto header = decode_header(std::span(head_).first(head_size_), encoding());
  if (open_.empty())
    on_top_level(header);
  else if (open_.back().kind == Container::Kind::item)
    on_element(header);
  else
    on_item(header);
}

void ElementScanner::on_item(const ElementHeader& header) {
  keep(std::span(head_).first(head_size_));
  if (header.tag == dicom::kSequenceDelimitation) return leave();
  if (header.tag != dicom::kItem) not_understood("a sequence holds something that is no item");
  if (!header.undefined_length()) return begin_value(header.length);
  if (open_.back().kind == Container::Kind::fragments) not_understood("a fragment of pixel data has no length");
  open_.push_back({Container::Kind::item, encoding()});
}

void ElementScanner::on_element(const ElementHeader& header) {
  keep(std::span(head_).first(head_size_));
  if (header.tag == dicom::kItemDelimitation) return open_.pop_back();
  if (header.tag.group() == 0xfffe) not_understood("a delimiter stands in the wrong place");
  if (header.undefined_length()) return enter(header);
  begin_value(header.length);
}

void ElementScanner::on_top_level(const ElementHeader& header) {
  if (only_zeros()) {
    state_ = State::zeros;
    if (listener_ != nullptr) listener_->begin_padding();
    return;
  }
  if (first_) refuse_other_encoding(header);
  first_ = false;
  const uint16_t group = header.tag.group();
  if (group == 0x0000 || group == 0x0002 || group >= 0xfffe)
    not_understood("the data set holds elements that belong to commands or files");
  fate_ = header.tag == kDataSetTrailingPadding ? Fate::discard : is_bulk(header) ? Fate::bulk : Fate::capture;
  if (fate_ == Fate::bulk)
    begin_bulk(header);
  else if (fate_ == Fate::discard && listener_ != nullptr)
    listener_->begin_padding();
  else
    keep(std::span(head_).first(head_size_));
  if (header.undefined_length()) return enter(header);
  begin_value(header.length);
}

/// Some senders fill up with zeros what they read from a file of fixed blocks.
bool ElementScanner::only_zeros() const {
  return std::all_of(head_.begin(), head_.begin() + kShortHeader, [](std::byte b) { return b == std::byte{0}; });
}

/// An explicit data set under an implicit transfer syntax: its first length would be nonsense.
void ElementScanner::refuse_other_encoding(const ElementHeader& header) const {
  if (top_encoding_ != Encoding::implicit_little) return;
  const Vr letters(static_cast<char>(head_[4]), static_cast<char>(head_[5]));
  if (dicom::is_known(letters) && letters == implicit_vr(header.tag))
    not_understood("the data set is not encoded in its transfer syntax");
}

bool ElementScanner::is_bulk(const ElementHeader& header) const {
  if (is_pixel_data(header.tag)) return header.length != 0;
  const bool implicit = top_encoding_ == Encoding::implicit_little;
  if (header.undefined_length())
    return !implicit && header.vr != Vr("UN") && is_binary_bulk(header.vr) && header.tag > dicom::kSeriesInstanceUid;
  // What an object is stands here at the latest: a value before it is held back with the UIDs, so it may as well be
  // kept.
  if (header.length <= kLargestHeaderValue || header.tag < dicom::kSeriesInstanceUid) return false;
  // Private elements of implicit data sets count as UN: which creator reserved them matters to the header only.
  const Vr vr = implicit ? implicit_vr(header.tag) : header.vr;
  return is_binary_bulk(vr) || (vr.is_string() && header.length > kLargestHeaderText);
}

void ElementScanner::begin_bulk(const ElementHeader& header) {
  if (bulk_.size() == limits_.bulk_values) too_large("bulk_values", "the data set has too many bulk values");
  const Vr vr = header.vr.code == 0 ? implicit_vr(header.tag) : header.vr;
  bulk_.push_back({header.tag.value,
                   {vr.first(), vr.second()},
                   0,
                   position_,
                   header.undefined_length() ? UINT64_MAX : header.length});
  if (listener_ != nullptr) listener_->begin_bulk(bulk_.back(), std::span(head_).first(head_size_));
}

void ElementScanner::enter(const ElementHeader& header) {
  if (open_.size() >= 2 * limits_.nesting) too_large("nesting", "the data set nests sequences too deeply");
  if (is_pixel_data(header.tag) || (header.vr != Vr("UN") && is_binary_bulk(header.vr))) {
    open_.push_back({Container::Kind::fragments, encoding()});
    return;
  }
  if (header.vr.code != 0 && header.vr != Vr("SQ") && header.vr != Vr("UN"))
    not_understood("a value that is no sequence has no length");
  // PS3.5 6.2.2: UN of undefined length is a sequence in Implicit VR Little Endian.
  open_.push_back({Container::Kind::sequence, header.vr == Vr("UN") ? Encoding::implicit_little : encoding()});
}

void ElementScanner::leave() {
  open_.pop_back();
  odd_ = false;
}

void ElementScanner::begin_value(uint32_t length) {
  if (length == 0) return;
  if (fate_ == Fate::capture && length > limits_.header - std::min<uint64_t>(limits_.header, captured_.size()))
    too_large("header", "the header is larger than this archive takes");
  if (fate_ == Fate::capture) make_room(length);
  odd_ = length % 2 != 0;
  remaining_ = length;
  state_ = State::value;
}

/// For a large value at once, so that no half of it is copied while room is made bit by bit. What is never written to
/// takes no memory: a length may be a lie.
void ElementScanner::make_room(uint32_t length) {
  const auto wanted = captured_.size() + length;
  if (wanted > 2 * captured_.capacity()) captured_.reserve(wanted);
}

void ElementScanner::keep(std::span<const std::byte> bytes) {
  if (fate_ == Fate::bulk) {
    if (listener_ != nullptr) listener_->bulk_bytes(bytes);
  } else if (fate_ == Fate::capture) {
    if (bytes.size() > limits_.header - std::min<uint64_t>(limits_.header, captured_.size()))
      too_large("header", "the header is larger than this archive takes");
    if (captured_.size() + bytes.size() > told_) tell_of_growth(captured_.size() + bytes.size());
    captured_.insert(captured_.end(), bytes.begin(), bytes.end());
  }
}

void ElementScanner::tell_of_growth(uint64_t bytes) {
  constexpr auto kStep = ScanListener::kHeaderStep;
  told_ = (bytes + kStep - 1) / kStep * kStep;
  if (listener_ != nullptr) listener_->header_grows(told_);
}

}  // namespace fermata::archive
