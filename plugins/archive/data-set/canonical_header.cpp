#include "data-set/canonical_header.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "data-set/data_dictionary.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/text_decoder.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

using dicom::Tag;
using dicom::Vr;
using Bytes = std::span<const std::byte>;

constexpr int kDeepest = 64;
constexpr std::size_t kLongestShortValue = 65534;
constexpr Tag kPixelRepresentation{0x0028, 0x0103};
constexpr Tag kWaveformBitsAllocated{0x5400, 0x1004};

std::string_view chars(Bytes value) { return {reinterpret_cast<const char*>(value.data()), value.size()}; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

bool same_in_every_character_set(std::string_view text) {
  return dicom::is_ascii(text) && text.find('\x1b') == std::string_view::npos;
}

/// One element as encoded. `inner` is how its items are encoded, if it has any.
struct Raw {
  Tag tag;
  Vr vr;
  Bytes value;  ///< of undefined length: the items without the sequence delimiter
  bool undefined = false;
  Encoding inner = Encoding::explicit_little;
};

/// Reads elements and items one after another.
class Reader {
 public:
  Reader(Bytes bytes, Encoding encoding, int depth) : rest_(bytes), encoding_(encoding), depth_(depth) {
    if (depth > kDeepest) too_large("nesting", "the data set nests sequences too deeply");
  }
  bool done() const { return rest_.empty(); }

  /// False at the end of an item of undefined length.
  bool element(Raw& out) {
    const auto header = take_header();
    if (header.tag == dicom::kItemDelimitation) return false;
    if (header.tag.group() == 0xfffe) not_understood("a delimiter stands in the wrong place");
    out.tag = header.tag;
    out.vr = header.vr;
    out.undefined = header.undefined_length();
    out.inner = header.vr == Vr("UN") ? Encoding::implicit_little : encoding_;
    out.value = out.undefined ? take_items(out.inner) : take(header.length);
    return true;
  }

  /// False at the end of a sequence. `out` gets the item's content.
  bool item(Bytes& out) {
    const auto header = take_header();
    if (header.tag == dicom::kSequenceDelimitation) return false;
    if (header.tag != dicom::kItem) not_understood("a sequence holds something that is no item");
    out = header.undefined_length() ? take_elements() : take(header.length);
    return true;
  }

 private:
  ElementHeader take_header() {
    if (rest_.size() < kShortHeader) not_understood("an element is cut short");
    const auto size = header_size(rest_.first(kShortHeader), encoding_);
    return decode_header(take(size), encoding_);
  }
  Bytes take(std::size_t length) {
    if (length > rest_.size()) not_understood("an element is longer than what encloses it");
    const auto taken = rest_.first(length);
    rest_ = rest_.subspan(length);
    return taken;
  }
  /// The items of a sequence of undefined length; takes its delimiter too.
  Bytes take_items(Encoding encoding) {
    Reader items(rest_, encoding, depth_ + 1);
    const auto whole = rest_;
    Bytes item;
    std::size_t end = 0;
    while (items.item(item)) end = whole.size() - items.rest_.size();
    rest_ = items.rest_;
    return whole.first(end);
  }
  /// The elements of an item of undefined length; takes its delimiter too.
  Bytes take_elements() {
    const auto whole = rest_;
    Raw element;
    std::size_t end = 0;
    while (this->element(element)) end = whole.size() - rest_.size();
    return whole.first(end);
  }

  Bytes rest_;
  Encoding encoding_;
  int depth_;
};

/// What a data set passes on to those in its sequences.
struct Context {
  dicom::TextDecoder* decoder;
  bool signed_pixels;
};

class Canonicaliser {
 public:
  explicit Canonicaliser(uint64_t largest) : largest_(largest) {}

  CanonicalHeader header(Bytes elements, Encoding encoding) {
    dicom::TextDecoder undeclared({});
    out_.reserve(elements.size() + elements.size() / 4 + kRoomForCharacterSet);
    data_set(elements, encoding, {&undeclared, false}, 0);
    CanonicalHeader header{out_.take(), declared_};
    if (declared_.empty() && not_ascii_) insert_character_set(header.bytes);
    return header;
  }
  std::vector<std::byte> continuation(Bytes elements, Encoding encoding, dicom::TextDecoder decoder) {
    data_set(elements, encoding, {&decoder, false}, 0);
    return out_.take();
  }

 private:
  void data_set(Bytes bytes, Encoding encoding, Context context, int depth) {
    auto elements = read(bytes, encoding, depth);
    std::optional<dicom::TextDecoder> own;
    if (const auto* declared = find(elements, dicom::kSpecificCharacterSet)) {
      context.decoder = &own.emplace(trimmed(chars(declared->value)));
      if (depth == 0) declared_ = trimmed(chars(declared->value));
    }
    if (const auto* pixels = find(elements, kPixelRepresentation)) context.signed_pixels = is_one(*pixels, encoding);
    const bool wide_waveform = [&] {
      const auto* bits = find(elements, kWaveformBitsAllocated);
      return bits == nullptr || bits->value.empty() || bits->value[0] != std::byte{8};
    }();
    for (const auto& element : elements) {
      if (element.tag.is_group_length()) continue;
      if (element.tag == dicom::kSpecificCharacterSet) {
        if (depth == 0 && !declared_.empty()) out_.add(element.tag, Vr("CS"), kUtf8);
        continue;
      }
      emit(element, vr_of(element, elements, context, wide_waveform), encoding, context, depth);
      if (depth == 0 && element.tag < dicom::kSpecificCharacterSet) charset_at_ = out_.bytes().size();
    }
  }

  static std::vector<Raw> read(Bytes bytes, Encoding encoding, int depth) {
    std::vector<Raw> elements;
    elements.reserve(depth == 0 ? 160 : 16);
    Reader reader(bytes, encoding, depth);
    Raw element;
    while (!reader.done() && reader.element(element)) elements.push_back(element);
    const auto by_tag = [](const Raw& a, const Raw& b) { return a.tag < b.tag; };
    if (!std::is_sorted(elements.begin(), elements.end(), by_tag))
      std::stable_sort(elements.begin(), elements.end(), by_tag);
    const auto same_tag = [](const Raw& a, const Raw& b) { return a.tag == b.tag; };
    elements.erase(std::unique(elements.begin(), elements.end(), same_tag), elements.end());
    return elements;
  }

  static const Raw* find(const std::vector<Raw>& elements, Tag tag) {
    const auto at =
        std::lower_bound(elements.begin(), elements.end(), tag, [](const Raw& e, Tag t) { return e.tag < t; });
    return at != elements.end() && at->tag == tag ? &*at : nullptr;
  }

  static bool is_one(const Raw& element, Encoding encoding) {
    if (element.value.size() < 2) return false;
    return element.value[encoding == Encoding::explicit_big ? 1 : 0] == std::byte{1};
  }

  static std::string_view creator_of(Tag tag, const std::vector<Raw>& elements) {
    if (!tag.is_private() || tag.element() < 0x1000) return {};
    const auto* creator = find(elements, Tag(tag.group(), static_cast<uint16_t>(tag.element() >> 8)));
    return creator == nullptr ? std::string_view{} : trimmed(chars(creator->value));
  }

  Vr vr_of(const Raw& element, const std::vector<Raw>& elements, const Context& context, bool wide_waveform) const {
    if (element.vr.code != 0 && element.vr != Vr("UN")) return element.vr;
    if (element.undefined && !is_pixel_data(element.tag)) return "SQ";
    const Vr vr = dictionary_.vr(element.tag, creator_of(element.tag, elements));
    if (vr == kUsOrSs) return context.signed_pixels ? "SS" : "US";
    if (vr == kObOrOw) {
      const uint16_t group = element.tag.group();
      const bool bytes =
          (group == 0x5400 && !wide_waveform) || ((group & 0xff01) == 0x5000 && element.tag.element() == 0x3000);
      return bytes ? "OB" : "OW";
    }
    return is_plausible(element, vr) ? vr : Vr("UN");
  }

  /// What is encoded as UN may hold anything: take the dictionary's word only if the value fits.
  static bool is_plausible(const Raw& element, Vr vr) {
    return element.vr != Vr("UN") || element.value.size() % number_width(vr) == 0;
  }

  void emit(const Raw& element, Vr vr, Encoding encoding, const Context& context, int depth) {
    if (vr == Vr("SQ")) {
      const bool guess = element.vr == Vr("UN") && !element.undefined;
      return guess ? sequence_or_unknown(element, context, depth) : sequence(element, context, depth);
    }
    if (element.undefined) return fragments(element, element.vr.code == 0 ? Vr("OB") : vr);
    // A value encoded as UN is in little endian in any transfer syntax (PS3.5 6.2.2).
    const bool big = encoding == Encoding::explicit_big && element.vr != Vr("UN");
    if (vr.is_string())
      text(element, vr, *context.decoder);
    else if (big && number_width(vr) > 1)
      swapped(element, vr);
    else
      put(element.tag, vr, element.value);
  }

  void sequence(const Raw& element, const Context& context, int depth) {
    out_.begin_sequence(element.tag);
    Reader items(element.value, element.inner, depth + 1);
    Bytes item;
    while (!items.done() && items.item(item)) {
      out_.begin_item();
      data_set(item, element.inner, context, depth + 1);
      out_.end();
    }
    out_.end();
  }

  /// A value that should be a sequence, as the dictionary says; if it isn't one, it stays as it is.
  void sequence_or_unknown(const Raw& element, const Context& context, int depth) {
    auto before = std::exchange(out_, {});
    try {
      sequence(element, context, depth);
      before.add_encoded(out_.bytes());
      out_ = std::move(before);
    } catch (const Refused&) {
      out_ = std::move(before);
      put(element.tag, Vr("UN"), element.value);
    }
  }

  void fragments(const Raw& element, Vr vr) {
    std::vector<std::byte> encoded;
    const auto u16 = [&](uint32_t v) {
      encoded.push_back(static_cast<std::byte>(v & 0xff));
      encoded.push_back(static_cast<std::byte>(v >> 8 & 0xff));
    };
    const auto u32 = [&](uint32_t v) {
      u16(v);
      u16(v >> 16);
    };
    const auto tag = [&](Tag t) {
      u16(t.group());
      u16(t.element());
    };
    tag(element.tag);
    const Vr kept = is_binary_bulk(vr) ? vr : Vr("OB");
    u16(static_cast<uint32_t>(kept.first()) | static_cast<uint32_t>(kept.second()) << 8);
    u16(0);
    u32(kUndefinedLength);
    Reader items(element.value, element.inner, 1);
    Bytes item;
    while (!items.done() && items.item(item)) {
      tag(dicom::kItem);
      u32(static_cast<uint32_t>(item.size()));
      encoded.insert(encoded.end(), item.begin(), item.end());
    }
    tag(dicom::kSequenceDelimitation);
    u32(0);
    out_.add_encoded(encoded);
  }

  void text(const Raw& element, Vr vr, dicom::TextDecoder& decoder) {
    if (same_in_every_character_set(chars(element.value))) return put(element.tag, vr, element.value);
    const auto decoded = decoder.decode(chars(element.value), vr);
    not_ascii_ = not_ascii_ || !dicom::is_ascii(decoded);
    put(element.tag, vr, std::as_bytes(std::span(decoded.data(), decoded.size())));
  }

  void swapped(const Raw& element, Vr vr) {
    const auto width = number_width(vr);
    std::vector<std::byte> value(element.value.begin(), element.value.end());
    for (std::size_t i = 0; i + width <= value.size(); i += width)
      std::reverse(value.begin() + static_cast<std::ptrdiff_t>(i),
                   value.begin() + static_cast<std::ptrdiff_t>(i + width));
    put(element.tag, vr, value);
  }

  void put(Tag tag, Vr vr, Bytes value) {
    if (value.size() > largest_ - std::min<uint64_t>(largest_, out_.bytes().size()))
      too_large("header", "the header is larger than this archive takes");
    out_.add(tag, vr.has_long_length() || value.size() <= kLongestShortValue ? vr : Vr("UN"), value);
  }

  void insert_character_set(std::vector<std::byte>& bytes) const {
    dicom::DataSetWriter element;
    element.add(dicom::kSpecificCharacterSet, Vr("CS"), kUtf8);
    bytes.reserve(bytes.size() + element.bytes().size());
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(charset_at_), element.bytes().begin(),
                 element.bytes().end());
  }

  static constexpr std::string_view kUtf8 = "ISO_IR 192";
  static constexpr std::size_t kRoomForCharacterSet = 32;

  const DataDictionary dictionary_;
  const uint64_t largest_;
  dicom::DataSetWriter out_;
  std::string declared_;
  bool not_ascii_ = false;
  std::size_t charset_at_ = 0;
};

}  // namespace

CanonicalHeader canonical_header(Bytes elements, Encoding encoding, uint64_t largest) {
  return Canonicaliser(largest).header(elements, encoding);
}

std::vector<std::byte> canonical_continuation(Bytes elements, Encoding encoding, std::string_view character_set) {
  return Canonicaliser(UINT64_MAX).continuation(elements, encoding, dicom::TextDecoder(character_set));
}

}  // namespace fermata::archive
