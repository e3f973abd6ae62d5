#pragma once
#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "fermata/c/index.h"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/json_value.hpp"

namespace fermata::dicom {

/// Writes data sets in the DICOM JSON Model (PS3.18 F.2), a piece at a time, from bytes as InstanceRecord::header has
/// them: Explicit VR Little Endian, UTF-8.
///
/// Numbers keep the digits they have; what can't be a number in JSON becomes a string. Padding is left out. A Value
/// Representation that the standard does not know is written as UN.
///
/// **Thread**: one at a time. **Ownership**: owns its buffer; views are borrowed for the call. **Errors**: corrupt (the
/// bytes are no data set), and whatever `take` throws.
class JsonWriter {
 public:
  /// Gets the JSON text in pieces, in order.
  using Take = std::function<void(std::string_view)>;
  /// Appends the Bulk Data URI of a value that is left out of the data set.
  using BulkUri = std::function<void(std::string& to, const fermata_bulk_value& value)>;

  explicit JsonWriter(Take take, std::size_t piece = 64 * 1024) : take_(std::move(take)), piece_(piece) {}

  void begin_array() {
    buffer_ += '[';
    first_object_ = true;
  }
  void end_array() { buffer_ += ']'; }

  /// One object; inside of an array it gets its comma. The values of `bulk` (InstanceRecord::bulk) are written as
  /// references, each at its place among the elements.
  void write(DataSetView data_set, std::span<const fermata_bulk_value> bulk = {}, const BulkUri& uri = {}) {
    if (!std::exchange(first_object_, false)) buffer_ += ',';
    buffer_ += '{';
    bool first = true;
    for (const auto& element : data_set) {
      bool referred = false;
      for (; !bulk.empty() && bulk.front().tag <= element.tag.value; bulk = bulk.subspan(1)) {
        write_reference(bulk.front(), uri, first);
        referred = bulk.front().tag == element.tag.value;
      }
      if (!referred) write_element(element, first, 0);
    }
    for (const auto& value : bulk) write_reference(value, uri, first);
    buffer_ += '}';
  }

  /// Hands on what is still in the buffer. Needed at the end.
  void flush() {
    if (buffer_.empty()) return;
    take_(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr int kMaximumDepth = 64;

  void begin_attribute(Tag tag, Vr vr, bool& first) {
    std::array<char, 22> text{',', '"', '0', '0', '0', '0', '0', '0', '0', '0', '"',
                              ':', '{', '"', 'v', 'r', '"', ':', '"', 'U', 'N', '"'};
    json::put_tag(text.data() + 2, tag);
    text[19] = vr.first();
    text[20] = vr.second();
    const std::size_t from = std::exchange(first, false) ? 1 : 0;
    buffer_.append(text.data() + from, text.size() - from);
  }

  void end_attribute() {
    buffer_ += '}';
    if (buffer_.size() >= piece_) flush();
  }

  void write_reference(const fermata_bulk_value& value, const BulkUri& uri, bool& first) {
    begin_attribute(Tag(value.tag), json::vr_to_write(Vr(value.vr[0], value.vr[1])), first);
    if (uri) {
      uri_.clear();
      uri(uri_, value);
      json::append_string(buffer_ += R"(,"BulkDataURI":)", uri_);
    }
    end_attribute();
  }

  void write_element(const Element& element, bool& first, int depth) {
    if (element.tag.is_group_length()) return;
    begin_attribute(element.tag, json::vr_to_write(element.vr), first);
    if (element.vr == Vr("SQ"))
      write_items(element, depth + 1);
    else if (element.value.size() > piece_ && json::is_inline_binary(element.vr))
      write_long_binary(element.value);
    else
      json::append_value(buffer_, element);
    end_attribute();
  }

  void write_long_binary(std::span<const std::byte> value) {
    json::append_base64(buffer_ += R"(,"InlineBinary":")", value, piece_, [this] { flush(); });
    buffer_ += '"';
  }

  void write_items(const Element& sequence, int depth) {
    if (sequence.value.empty()) return;
    if (depth > kMaximumDepth) throw Error(Code::corrupt, "sequences of this data set are nested too deeply");
    buffer_ += R"(,"Value":[)";
    bool first_item = true;
    for (const auto item : sequence.items()) {
      if (!std::exchange(first_item, false)) buffer_ += ',';
      buffer_ += '{';
      bool first = true;
      for (const auto& element : item) write_element(element, first, depth);
      buffer_ += '}';
    }
    buffer_ += ']';
  }

  const Take take_;
  const std::size_t piece_;
  std::string buffer_;
  std::string uri_;
  bool first_object_ = true;
};

}  // namespace fermata::dicom
