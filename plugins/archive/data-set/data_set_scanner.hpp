#pragma once
#include <memory>
#include <string_view>

#include "data-set/element_scanner.hpp"
#include "data-set/inflater.hpp"

namespace fermata::archive {

/// Scans a data set in any transfer syntax: an ElementScanner, behind an Inflater where the data set is deflated.
///
/// The bytes of a deflated data set can't be addressed as stored: its bulk values are noted with the offset UINT64_MAX
/// and their inflated length. **Thread**, **Errors**: as ElementScanner.
class DataSetScanner {
 public:
  static constexpr uint64_t kNotAddressable = UINT64_MAX;

  DataSetScanner(std::string_view transfer_syntax_uid, ScanLimits limits, ScanListener* listener = nullptr);

  void feed(std::span<const std::byte> data);
  void finish();

  DataSetEncoding encoding() const { return encoding_; }
  std::span<const std::byte> captured() const { return elements_.captured(); }
  /// See ElementScanner; before a deflated data set was inflated it was other bytes.
  std::span<const std::byte> pending() const { return elements_.pending(); }
  void forget() { elements_.forget(); }
  std::vector<BulkValue> bulk() const;

 private:
  const DataSetEncoding encoding_;
  std::unique_ptr<Inflater> inflater_;
  ElementScanner elements_;
};

}  // namespace fermata::archive
