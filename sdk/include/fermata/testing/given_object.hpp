#pragma once
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/ingest_hook.hpp"

namespace fermata::testing {

/// An object on its way in, as a test gives it to an ingest hook: edits are made at once, a refusal is kept.
///
/// **Thread**: one at a time. **Ownership**: owns the header; the request's views are the caller's. **Errors**: as
/// IngestContext: what the archive does not let a hook edit is Error invalid here too.
class GivenObject final : public IngestContext {
 public:
  explicit GivenObject(std::span<const std::byte> header, const StoreRequest& request = {})
      : header_(header.begin(), header.end()), request_(request) {}

  std::span<const std::byte> header() override { return header_; }
  StoreRequest request() override { return request_; }
  void set_element(uint32_t number, const char* vr, std::span<const std::byte> value) override {
    const auto tag = editable(number);
    if (vr == nullptr || std::strlen(vr) != 2) throw Error(Code::invalid, "a Value Representation has two letters");
    const dicom::Vr of(vr[0], vr[1]);
    if (!of.has_long_length() && value.size() > 65534)
      throw Error(Code::invalid, "an ingest hook sets a value that is too long for its Value Representation");
    dicom::DataSetWriter element;
    element.add(tag, of, value);
    replace(tag, element.bytes());
    edited_ = true;
  }
  void remove_element(uint32_t number) override {
    const auto tag = editable(number);
    if (!dicom::DataSetView(header_).find(tag)) return;
    replace(tag, {});
    edited_ = true;
  }
  void refuse(std::string_view reason) override { refusal_ = reason; }

  bool edited() const { return edited_; }
  const std::optional<std::string>& refusal() const { return refusal_; }
  std::string text(dicom::Tag tag) const { return std::string(dicom::DataSetView(header_).text(tag)); }

 private:
  static dicom::Tag editable(uint32_t number) {
    const dicom::Tag tag(number);
    const bool pixels = tag == dicom::kPixelData || tag.value == 0x7fe00008 || tag.value == 0x7fe00009;
    if (tag.group() < 0x0008 || tag.group() >= 0xfffc || tag.is_group_length() || pixels ||
        tag == dicom::kSpecificCharacterSet)
      throw Error(Code::invalid,
                  "an ingest hook can't edit file meta information, group lengths, the character set and bulk values");
    return tag;
  }
  void replace(dicom::Tag tag, std::span<const std::byte> encoded) {
    std::vector<std::byte> edited;
    const auto add = [&](std::span<const std::byte> bytes) { edited.insert(edited.end(), bytes.begin(), bytes.end()); };
    bool placed = false;
    const dicom::DataSetView elements(header_);
    for (auto it = elements.begin(); it != elements.end(); ++it) {
      if (!placed && tag <= it->tag) {
        add(encoded);
        placed = true;
      }
      if (it->tag != tag) add(it.encoded());
    }
    if (!placed) add(encoded);
    header_ = std::move(edited);
  }

  std::vector<std::byte> header_;
  StoreRequest request_;
  bool edited_ = false;
  std::optional<std::string> refusal_;
};

}  // namespace fermata::testing
