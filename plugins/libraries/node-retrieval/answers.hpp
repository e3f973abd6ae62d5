#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dimse_association.hpp"

namespace fermata::node_retrieval {

/// Gives each match away, and keeps what the last response says. **Thread**: one at a time.
class Answers final : public DimseResponseSink {
 public:
  using Match = std::function<void(dicom::DataSetView)>;

  Answers() = default;
  explicit Answers(Match match) : match_(std::move(match)) {}
  bool take(const DimseResponse& response) override;

  uint16_t status() const { return status_; }
  bool is_success() const { return status_ == 0; }
  bool is_warning() const { return (status_ & 0xf000) == 0xb000; }
  /// "status 0xa801, Move destination unknown"
  std::string text() const;

 private:
  const Match match_ = [](dicom::DataSetView) {};
  uint16_t status_ = 0;
  std::string comment_;
};

}  // namespace fermata::node_retrieval
