#include "data-set/data_set_scanner.hpp"

#include "refusal.hpp"

namespace fermata::archive {

DataSetScanner::DataSetScanner(std::string_view transfer_syntax_uid, ScanLimits limits, ScanListener* listener)
    : encoding_(encoding_of(transfer_syntax_uid)),
      inflater_(encoding_.deflated ? std::make_unique<Inflater>() : nullptr),
      elements_(encoding_.elements, limits, listener) {}

void DataSetScanner::feed(std::span<const std::byte> data) {
  if (inflater_)
    inflater_->feed(data, [this](std::span<const std::byte> inflated) { elements_.feed(inflated); });
  else
    elements_.feed(data);
}

void DataSetScanner::finish() {
  if (inflater_ && !inflater_->complete()) not_understood("the data set is cut short");
  elements_.finish();
}

std::vector<BulkValue> DataSetScanner::bulk() const {
  auto values = elements_.bulk();
  if (encoding_.deflated)
    for (auto& value : values) value.offset = kNotAddressable;
  return values;
}

}  // namespace fermata::archive
