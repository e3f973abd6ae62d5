#include "query-retrieve/identifier.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "fermata/dicom/canonical.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "plugin-services/memory_object.hpp"
#include "recoding/recoded_object.hpp"

namespace fermata::dimse {
namespace {

using dicom::DataSetView;
using dicom::Element;
using dicom::Vr;

bool has_implicit_vr(std::string_view transfer_syntax_uid) {
  if (transfer_syntax_uid == dicom::transfer_syntax::kImplicitLittleEndian) return true;
  if (transfer_syntax_uid == dicom::transfer_syntax::kExplicitLittleEndian) return false;
  throw Error(Code::invalid, "no data set of a command can be in transfer syntax " + std::string(transfer_syntax_uid));
}

void put_u32(std::vector<std::byte>& out, std::size_t at, std::size_t value) {
  for (unsigned i = 0; i < 4; ++i) out[at + i] = static_cast<std::byte>(value >> (8 * i) & 0xff);
}

/// Tag and 32-bit length; returns where the length stands.
std::size_t put_header(std::vector<std::byte>& out, dicom::Tag tag, std::size_t length) {
  const std::size_t at = out.size();
  out.resize(at + 8);
  out[at] = static_cast<std::byte>(tag.group() & 0xff);
  out[at + 1] = static_cast<std::byte>(tag.group() >> 8);
  out[at + 2] = static_cast<std::byte>(tag.element() & 0xff);
  out[at + 3] = static_cast<std::byte>(tag.element() >> 8);
  put_u32(out, at + 4, length);
  return at + 4;
}

/// Explicit to Implicit VR Little Endian (PS3.5 A.1): what RecodedObject does, for answers, of which there are many.
void append_implicit(DataSetView from, std::vector<std::byte>& out) {
  for (const auto& element : from) {
    const auto length_at = put_header(out, element.tag, element.value.size());
    if (element.vr != Vr("SQ")) {
      out.insert(out.end(), element.value.begin(), element.value.end());
      continue;
    }
    for (const auto item : element.items()) {
      const auto item_length_at = put_header(out, dicom::kItem, 0);
      append_implicit(item, out);
      put_u32(out, item_length_at, out.size() - item_length_at - 4);
    }
    put_u32(out, length_at, out.size() - length_at - 4);
  }
}

/// Some peers write the elements in the order in which they thought of them.
std::vector<std::byte> ascending(std::vector<std::byte> data_set) {
  const DataSetView view(data_set);
  dicom::Tag last(0);
  bool ascends = true;
  for (const auto& element : view) ascends = ascends && std::exchange(last, element.tag) <= element.tag;
  if (ascends) return data_set;
  std::vector<std::pair<dicom::Tag, std::span<const std::byte>>> elements;
  for (auto it = view.begin(); it != view.end(); ++it) elements.emplace_back(it->tag, it.encoded());
  std::stable_sort(elements.begin(), elements.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::byte> sorted;
  sorted.reserve(data_set.size());
  for (const auto& [tag, encoded] : elements) sorted.insert(sorted.end(), encoded.begin(), encoded.end());
  return sorted;
}

}  // namespace

std::vector<std::byte> decode_data_set(std::span<const std::byte> wire, std::string_view transfer_syntax_uid) {
  const bool explicit_vr = !has_implicit_vr(transfer_syntax_uid);
  try {
    codecs::RecodedObject plain(std::make_unique<MemoryObject>(wire), {explicit_vr, false, false}, {});
    std::vector<std::byte> bytes(static_cast<std::size_t>(plain.length()));
    plain.read_at(0, bytes);
    bytes = ascending(std::move(bytes));
    return dicom::canonical(DataSetView(bytes));
  } catch (const dicom::TooDeep&) {
    throw;
  } catch (const Error& error) {
    throw Error(Code::invalid, error.what());
  }
}

std::vector<std::byte> receive_decoded(Association& association, const PresentationContext& context,
                                       std::size_t limit) {
  const auto wire = association.receive_data_set(limit);
  try {
    return decode_data_set(wire, context.transfer_syntax);
  } catch (const dicom::TooDeep&) {
    association.limit_reached("nesting");
    throw;
  }
}

DataSetEncoder::DataSetEncoder(std::string_view transfer_syntax_uid)
    : implicit_vr_(has_implicit_vr(transfer_syntax_uid)) {}

std::span<const std::byte> DataSetEncoder::encode(DataSetView canonical, std::span<const Fixed> fixed) {
  const auto repertoire = repertoire_of(canonical);
  const bool latin1 = repertoire == Repertoire::latin1;
  const Fixed character_set{dicom::kSpecificCharacterSet, "CS",
                            repertoire == Repertoire::unicode ? "ISO_IR 192" : "ISO_IR 100"};
  explicit_.clear();
  bool announced = false;
  const auto add_fixed_before = [&](dicom::Tag tag) {
    if (!announced && character_set.tag <= tag) {
      explicit_.add(character_set.tag, character_set.vr, character_set.value);
      announced = true;
    }
    while (!fixed.empty() && fixed.front().tag <= tag) {
      explicit_.add(fixed.front().tag, fixed.front().vr, fixed.front().value);
      fixed = fixed.subspan(1);
    }
  };
  const auto is_fixed = [all = fixed](dicom::Tag tag) {
    for (const auto& f : all)
      if (f.tag == tag) return true;
    return tag == dicom::kSpecificCharacterSet;
  };
  for (auto it = canonical.begin(); it != canonical.end(); ++it) {
    add_fixed_before(it->tag);
    if (!is_fixed(it->tag)) write_element(*it, it.encoded(), latin1);
  }
  add_fixed_before(dicom::Tag(0xffffffff));
  return recode(explicit_.bytes());
}

std::span<const std::byte> DataSetEncoder::encode_plain(DataSetView canonical) { return recode(canonical.bytes()); }

DataSetEncoder::Repertoire DataSetEncoder::repertoire_of(DataSetView data_set) {
  auto repertoire = Repertoire::ascii;
  for (const auto& element : data_set) {
    auto needed = Repertoire::ascii;
    if (element.vr == Vr("SQ")) {
      for (const auto item : element.items()) needed = std::max(needed, repertoire_of(item));
    } else if (element.vr.is_string() && !dicom::is_ascii(element.text())) {
      needed = dicom::utf8_to_latin1(element.text()) ? Repertoire::latin1 : Repertoire::unicode;
    }
    repertoire = std::max(repertoire, needed);
    if (repertoire == Repertoire::unicode) break;
  }
  return repertoire;
}

void DataSetEncoder::write_element(const Element& element, std::span<const std::byte> encoded, bool latin1) {
  if (!latin1) {
    explicit_.add_encoded(encoded);
  } else if (element.vr == Vr("SQ")) {
    explicit_.begin_sequence(element.tag);
    for (const auto item : element.items()) {
      explicit_.begin_item();
      for (auto it = item.begin(); it != item.end(); ++it) write_element(*it, it.encoded(), latin1);
      explicit_.end();
    }
    explicit_.end();
  } else if (element.vr.is_string() && !dicom::is_ascii(element.text())) {
    explicit_.add(element.tag, element.vr, *dicom::utf8_to_latin1(element.text()));
  } else {
    explicit_.add_encoded(encoded);
  }
}

std::span<const std::byte> DataSetEncoder::recode(std::span<const std::byte> explicit_bytes) {
  if (!implicit_vr_) return explicit_bytes;
  recoded_.clear();
  append_implicit(DataSetView(explicit_bytes), recoded_);
  return recoded_;
}

}  // namespace fermata::dimse
