#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fermata/dicom/tag.hpp"
#include "fermata/ingest_hook.hpp"

namespace fermata::archive {

/// What the hooks see of one object, and what they want changed.
///
/// **Thread**: one at a time. **Ownership**: borrows the request. **Errors**: Error invalid for what can't be edited.
class HookContext final : public IngestContext {
 public:
  /// `end`: the tag from which on elements have not arrived yet.
  HookContext(std::vector<std::byte> header, dicom::Tag end, const StoreRequest& request)
      : header_(std::move(header)), end_(end), request_(request) {}

  std::span<const std::byte> header() override;
  StoreRequest request() override { return request_; }
  void set_element(uint32_t tag, const char* vr, std::span<const std::byte> value) override;
  void remove_element(uint32_t tag) override;
  void refuse(std::string_view reason) override;

  bool changed() const { return changed_; }
  bool refused() const { return reason_.has_value(); }
  const std::string& reason() const { return *reason_; }

 private:
  struct Edit {
    dicom::Vr vr;
    std::vector<std::byte> value;
    bool removed = false;
  };
  dicom::Tag editable(uint32_t number) const;
  void apply();

  std::vector<std::byte> header_;
  const dicom::Tag end_;
  const StoreRequest request_;
  std::map<dicom::Tag, Edit> edits_;
  bool changed_ = false;
  std::optional<std::string> reason_;
};

}  // namespace fermata::archive
