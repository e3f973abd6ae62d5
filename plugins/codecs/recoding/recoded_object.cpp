#include "recoding/recoded_object.hpp"

#include <dcmtk/config/osconfig.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <string>

#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

#include "byte_order.hpp"
#include "fermata/dicom/tag.hpp"
#include "fermata/dicom/too_deep.hpp"
#include "fermata/dicom/written_vr.hpp"
#include "fermata/error.hpp"

namespace fermata::codecs {
namespace {

using dicom::Encoding;
using dicom::Tag;
using dicom::Vr;

constexpr uint32_t kUndefinedLength = 0xffffffff;
constexpr uint64_t kNoEnd = UINT64_MAX;
constexpr uint64_t kLongestLiteral = 256;  ///< longer values stay where they are and are read when they are needed
constexpr std::size_t kLargestPlan = std::size_t{256} << 20;
constexpr int kDeepest = 64;
constexpr uint8_t kFromLiterals = 0;

[[noreturn]] void fail(const char* what) {
  throw Error(Code::corrupt, std::string("the data set is damaged: ") + what);
}

/// What the elements read so far say about those that follow (PS3.5 7.8.1, PS3.6 "US or SS").
struct Scope {
  bool signed_pixels = false;
  bool byte_waveform = false;
  std::map<uint32_t, std::string> creators;  ///< by group << 16 | block
};

Vr implicit_vr(Tag tag, const Scope& scope) {
  std::string creator;
  if (tag.is_private()) {
    if (tag.element() >= 0x10 && tag.element() <= 0xff) return "LO";
    const auto found = scope.creators.find(uint32_t{tag.group()} << 16 | tag.element() >> 8);
    if (found == scope.creators.end()) return "UN";
    creator = found->second;
  }
  const auto& dictionary = dcmDataDict.rdlock();
  const auto* entry =
      dictionary.findEntry(DcmTagKey(tag.group(), tag.element()), tag.is_private() ? creator.c_str() : nullptr);
  const auto evr = entry == nullptr ? EVR_UN : entry->getEVR();
  dcmDataDict.rdunlock();
  switch (evr) {
    case EVR_xs:
      return scope.signed_pixels ? Vr("SS") : Vr("US");
    case EVR_ox:
    case EVR_px:
    case EVR_lt:  // implicit encoding has OW only (PS3.5 A.1), but for waveforms of bytes
      return tag.group() == 0x5400 && scope.byte_waveform ? Vr("OB") : Vr("OW");
    case EVR_up:
      return "UL";
    default: {
      const DcmVR vr(evr);
      const char* name = vr.isStandard() ? vr.getVRName() : "UN";
      return {name[0], name[1]};
    }
  }
}

}  // namespace

/// Reads the object from front to back and writes the plan.
class RecodedObject::Planner {
 public:
  Planner(RecodedObject& plan, Encoding to) : plan_(plan), source_(*plan.object_), to_(to) {
    end_of_source_ = source_.length();
    window_.resize(static_cast<std::size_t>(std::min<uint64_t>(end_of_source_, 65536)));
  }

  void run(Encoding from) {
    Scope scope;
    data_set(from, end_of_source_, scope, 0);
  }

 private:
  struct Header {
    Tag tag;
    Vr vr;
    uint32_t length = 0;
  };

  /// Elements up to `end`, or to the Item Delimitation Item.
  void data_set(Encoding from, uint64_t end, Scope& scope, int depth) {
    if (depth > kDeepest) throw dicom::TooDeep();
    while (at_ < end) {
      const auto header = read_header(from, scope);
      if (header.tag == dicom::kItemDelimitation) {
        if (end != kNoEnd) fail("an item ends before its length");
        return;
      }
      if (header.length == kUndefinedLength || header.vr == Vr("SQ")) {
        sequence(from, header, scope, depth);
        continue;
      }
      if (header.length > std::min(end, end_of_source_) - at_) fail("it is cut short");
      if (header.tag.is_group_length())
        at_ += header.length;
      else
        value(from, header, scope);
    }
    if (at_ != end) fail("an element is longer than its item");
  }

  void sequence(Encoding from, const Header& header, const Scope& scope, int depth) {
    if (header.tag == dicom::kPixelData) throw Error(Code::unsupported, "the pixel data is compressed");
    // An unknown sequence keeps its implicit encoding inside explicit ones (PS3.5 6.2.2).
    const bool unknown = header.vr == Vr("UN");
    if (!unknown && header.vr != Vr("SQ")) fail("a value has no length");
    const Encoding inner = unknown ? Encoding{false, false, false} : from;
    const bool defined = header.length != kUndefinedLength;
    if (defined && header.length > end_of_source_ - at_) fail("it is cut short");
    const uint64_t end = defined ? at_ + header.length : kNoEnd;
    write_header(header.tag, "SQ", header.length);
    const auto open = begin();
    while (at_ < end) {
      const auto item = read_item_header(from);
      if (item.tag == dicom::kSequenceDelimitation && !defined) break;
      if (item.tag != dicom::kItem) fail("a sequence holds something else than items");
      write_item_header(item.tag, item.length);
      const auto open_item = begin();
      const bool item_defined = item.length != kUndefinedLength;
      if (item_defined && item.length > end_of_source_ - at_) fail("it is cut short");
      Scope item_scope;
      item_scope.signed_pixels = scope.signed_pixels;
      data_set(inner, item_defined ? at_ + item.length : kNoEnd, item_scope, depth + 1);
      if (item_defined)
        patch_length(open_item);
      else
        write_item_header(dicom::kItemDelimitation, 0);
    }
    if (defined && at_ != end) fail("an item is longer than its sequence");
    if (defined)
      patch_length(open);
    else
      write_item_header(dicom::kSequenceDelimitation, 0);
  }

  void value(Encoding from, const Header& header, Scope& scope) {
    learn(from, header, scope);
    write_header(header.tag, header.vr, header.length);
    const auto word = static_cast<uint8_t>(from.big_endian == to_.big_endian ? 1 : word_size(header.vr));
    if (header.length <= kLongestLiteral) {
      const auto bytes = look(header.length);
      std::array<std::byte, kLongestLiteral> copy;
      std::copy(bytes.begin(), bytes.end(), copy.begin());
      const auto written = std::span(copy).first(bytes.size());
      if (word > 1) reverse_words(written, word);
      literal(written);
    } else {
      plan_.segments_.push_back({plan_.length_, header.length, at_, word});
      plan_.length_ += header.length;
    }
    at_ += header.length;
  }

  void learn(Encoding from, const Header& header, Scope& scope) {
    const Tag tag = header.tag;
    if ((tag == Tag(0x0028, 0x0103) || tag == Tag(0x5400, 0x1004)) && header.length == 2) {
      const auto number = u16(look(2), 0, from.big_endian);
      if (tag.group() == 0x0028)
        scope.signed_pixels = number == 1;
      else
        scope.byte_waveform = number == 8;
    }
    if (tag.is_private() && tag.element() >= 0x10 && tag.element() <= 0xff && header.length <= 64) {
      const auto bytes = look(header.length);
      std::string name(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      while (!name.empty() && (name.back() == ' ' || name.back() == '\0')) name.pop_back();
      scope.creators[uint32_t{tag.group()} << 16 | tag.element()] = std::move(name);
    }
  }

  // ---- the source

  Header read_header(Encoding from, const Scope& scope) {
    auto bytes = look(8);
    Header header;
    header.tag = tag_of(bytes, from.big_endian);
    if (header.tag.group() == 0xfffe) {
      header.length = u32(bytes, 4, from.big_endian);
      at_ += 8;
      return header;
    }
    if (!from.explicit_vr) {
      header.length = u32(bytes, 4, false);
      header.vr = implicit_vr(header.tag, scope);
      if (header.length == kUndefinedLength) header.vr = "SQ";
      at_ += 8;
      return header;
    }
    const auto written = dicom::written_vr(static_cast<char>(bytes[4]), static_cast<char>(bytes[5]));
    if (!written) fail("an element has no Value Representation");
    header.vr = written->vr;
    if (!written->long_length) {
      header.length = u16(bytes, 6, from.big_endian);
      at_ += 8;
      return header;
    }
    bytes = look(12);
    header.length = u32(bytes, 8, from.big_endian);
    at_ += 12;
    return header;
  }

  Header read_item_header(Encoding from) {
    const auto bytes = look(8);
    at_ += 8;
    return {tag_of(bytes, from.big_endian), {}, u32(bytes, 4, from.big_endian)};
  }

  /// The next bytes of the source, valid until the next call.
  std::span<const std::byte> look(std::size_t count) {
    if (count > end_of_source_ - at_) fail("it is cut short");
    if (at_ < window_begin_ || at_ + count > window_begin_ + window_size_) {
      window_begin_ = at_;
      window_size_ = static_cast<std::size_t>(source_.read_at(at_, window_));
      if (window_size_ < count) fail("it is cut short");
    }
    return std::span(window_).subspan(static_cast<std::size_t>(at_ - window_begin_), count);
  }

  static uint16_t u16(std::span<const std::byte> b, std::size_t at, bool big) {
    const auto first = std::to_integer<unsigned>(b[at]);
    const auto second = std::to_integer<unsigned>(b[at + 1]);
    return static_cast<uint16_t>(big ? first << 8 | second : second << 8 | first);
  }
  static uint32_t u32(std::span<const std::byte> b, std::size_t at, bool big) {
    const uint32_t first = u16(b, at, big);
    const uint32_t second = u16(b, at + 2, big);
    return big ? first << 16 | second : second << 16 | first;
  }
  static Tag tag_of(std::span<const std::byte> b, bool big) { return {u16(b, 0, big), u16(b, 2, big)}; }

  // ---- the plan

  void write_header(Tag tag, Vr vr, uint32_t length) {
    put_tag(tag);
    if (!to_.explicit_vr) {
      put_u32(length);
      return;
    }
    const bool too_long = !vr.has_long_length() && length > 0xffff;
    const Vr written = too_long ? Vr("UN") : vr;  // PS3.5 6.2.2, note 3
    const std::array letters{static_cast<std::byte>(written.first()), static_cast<std::byte>(written.second())};
    literal(letters);
    if (written.has_long_length()) {
      put_u16(0);
      put_u32(length);
    } else {
      put_u16(static_cast<uint16_t>(length));
    }
  }
  void write_item_header(Tag tag, uint32_t length) {
    put_tag(tag);
    put_u32(length);
  }

  /// Where a sequence or item begins, to be called right after its length was written.
  struct Open {
    std::size_t length_field;
    uint64_t begin;
  };
  Open begin() const { return {plan_.literals_.size() - 4, plan_.length_}; }
  void patch_length(const Open& open) {
    const uint64_t length = plan_.length_ - open.begin;
    if (length >= kUndefinedLength) throw Error(Code::unsupported, "a sequence grows beyond 4 GiB");
    for (unsigned i = 0; i < 4; ++i)
      plan_.literals_[open.length_field + i] =
          static_cast<std::byte>(length >> (8 * (to_.big_endian ? 3 - i : i)) & 0xff);
  }

  void put_tag(Tag tag) {
    put_u16(tag.group());
    put_u16(tag.element());
  }
  void put_u16(uint16_t v) {
    const auto low = static_cast<std::byte>(v & 0xff);
    const auto high = static_cast<std::byte>(v >> 8);
    const auto bytes = to_.big_endian ? std::array{high, low} : std::array{low, high};
    literal(bytes);
  }
  void put_u32(uint32_t v) {
    const auto low = static_cast<uint16_t>(v & 0xffff);
    const auto high = static_cast<uint16_t>(v >> 16);
    put_u16(to_.big_endian ? high : low);
    put_u16(to_.big_endian ? low : high);
  }
  void literal(std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    auto& segments = plan_.segments_;
    if (segments.empty() || segments.back().swap != kFromLiterals)
      segments.push_back({plan_.length_, 0, plan_.literals_.size(), kFromLiterals});
    plan_.literals_.insert(plan_.literals_.end(), bytes.begin(), bytes.end());
    segments.back().length += bytes.size();
    plan_.length_ += bytes.size();
    if (plan_.literals_.size() > kLargestPlan)
      throw Error(Code::unsupported, "the data set has too many elements to be encoded anew");
  }

  RecodedObject& plan_;
  ObjectReader& source_;
  Encoding to_;
  uint64_t at_ = 0;
  uint64_t end_of_source_ = 0;
  std::vector<std::byte> window_;
  uint64_t window_begin_ = 0;
  std::size_t window_size_ = 0;
};

RecodedObject::RecodedObject(std::unique_ptr<ObjectReader> object, Encoding from, Encoding to)
    : object_(std::move(object)) {
  Planner(*this, to).run(from);
}

RecodedObject::~RecodedObject() = default;

uint64_t RecodedObject::read_at(uint64_t offset, std::span<std::byte> into) {
  if (offset >= length_) return 0;
  auto segment = std::upper_bound(segments_.begin(), segments_.end(), offset,
                                  [](uint64_t at, const Segment& s) { return at < s.begin; });
  --segment;
  std::size_t done = 0;
  for (; segment != segments_.end() && done < into.size(); ++segment) {
    const uint64_t inside = offset + done - segment->begin;
    const auto count = static_cast<std::size_t>(std::min<uint64_t>(segment->length - inside, into.size() - done));
    read_segment(*segment, inside, into.subspan(done, count));
    done += count;
  }
  return done;
}

void RecodedObject::read_segment(const Segment& segment, uint64_t offset, std::span<std::byte> into) {
  if (segment.swap == kFromLiterals) {
    std::memcpy(into.data(), literals_.data() + segment.source + offset, into.size());
    return;
  }
  const auto read = [&](uint64_t from, std::span<std::byte> to) {
    if (object_->read_at(segment.source + from, to) < to.size()) fail("it is cut short");
  };
  if (segment.swap == 1) {
    read(offset, into);
    return;
  }
  std::array<std::byte, 16384> words;
  while (!into.empty()) {
    const auto skip = static_cast<std::size_t>(offset % segment.swap);
    const auto count = static_cast<std::size_t>(std::min<uint64_t>(words.size(), segment.length - (offset - skip)));
    const auto piece = std::span(words).first(std::min(count, (into.size() + skip + 7) / 8 * 8));
    read(offset - skip, piece);
    reverse_words(piece, segment.swap);
    const auto taken = std::min(into.size(), piece.size() - skip);
    std::memcpy(into.data(), piece.data() + skip, taken);
    into = into.subspan(taken);
    offset += taken;
  }
}

}  // namespace fermata::codecs
