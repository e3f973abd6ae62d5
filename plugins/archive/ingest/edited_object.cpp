#include "ingest/edited_object.hpp"

#include <utility>

#include "data-set/canonical_header.hpp"
#include "data-set/header_encoder.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/text_decoder.hpp"
#include "fermata/free_memory.hpp"

namespace fermata::archive {

EditedObject::EditedObject(Bytes header, std::size_t captured, Encoding encoding, std::string character_set,
                           std::function<void(Bytes)> write)
    : encoding_(encoding),
      character_set_(std::move(character_set)),
      write_(std::move(write)),
      elements_(encode_header(header, encoding)),
      encoded_(captured) {}

void EditedObject::write(Bytes bytes) {
  write_(bytes);
  written_ += bytes.size();
}

void EditedObject::write_continuation(Bytes captured) {
  const auto rest = captured.subspan(encoded_);
  if (rest.empty()) return;
  encoded_ = captured.size();
  const auto encoded = encode_header(canonical_continuation(rest, encoding_, character_set_), encoding_);
  elements_.insert(elements_.end(), encoded.begin(), encoded.end());
  write(encoded);
}

bool EditedObject::is_text(const BulkValue& value) { return dicom::Vr(value.vr[0], value.vr[1]).is_string(); }

void EditedObject::begin_bulk(const BulkValue& value, Bytes header) {
  if (is_text(value)) {
    text_ = value;
    return;
  }
  write(header);
  bulk_.push_back(value);
  bulk_.back().offset = written_;
}

void EditedObject::bulk_bytes(Bytes bytes) {
  if (!text_) return write(bytes);
  text_bytes_.insert(text_bytes_.end(), bytes.begin(), bytes.end());
  if (text_bytes_.size() == text_->length) write_text();
}

/// In UTF-8 like all of it, so with another length.
void EditedObject::write_text() {
  const dicom::Vr vr(text_->vr[0], text_->vr[1]);
  const auto text = dicom::TextDecoder(character_set_)
                        .decode({reinterpret_cast<const char*>(text_bytes_.data()), text_bytes_.size()}, vr);
  free_memory(text_bytes_);
  dicom::DataSetWriter element;
  element.add(dicom::Tag(text_->tag), vr.has_long_length() ? vr : dicom::Vr("UN"), text);
  write(encode_header(element.bytes(), encoding_));
  text_->length = text.size() + text.size() % 2;
  text_->offset = written_ - text_->length;
  bulk_.push_back(*text_);
  text_.reset();
}

void EditedObject::forget_elements() { free_memory(elements_); }

}  // namespace fermata::archive
