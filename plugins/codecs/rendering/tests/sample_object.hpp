#pragma once
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "fermata/archive.hpp"

namespace fermata::codecs::rendering::testing {

/// An object and its record, as a test needs them. The record borrows from `bulk`.
struct SampleObject final : ObjectReader {
  SampleObject() = default;
  SampleObject(const SampleObject& o) : ObjectReader(o), bytes(o.bytes), bulk(o.bulk), record(o.record) {
    record.bulk = bulk;
  }
  uint64_t length() override { return bytes.size(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    if (offset >= bytes.size()) return 0;
    const auto count = std::min<std::size_t>(into.size(), bytes.size() - static_cast<std::size_t>(offset));
    std::memcpy(into.data(), bytes.data() + offset, count);
    return count;
  }

  std::string bytes;
  std::vector<BulkValue> bulk;
  InstanceRecord record;
};

}  // namespace fermata::codecs::rendering::testing
