#pragma once
#include <optional>
#include <utility>

#include "rendering/frame_attributes.hpp"
#include "rendering/lookup_table.hpp"

namespace fermata::codecs::rendering {

/// From stored values to what they mean: the Modality LUT, or Rescale Slope and Intercept (PS3.3 C.11.1, C.7.6.16.2.9).
///
/// **Thread**: a value.
class Modality {
 public:
  Modality() = default;
  /// A slope of 0 would leave nothing to see: values stay as they are.
  Modality(double slope, double intercept);
  explicit Modality(LookupTable table) : table_(std::move(table)) {}

  bool changes_nothing() const { return !table_ && slope_ == 1 && intercept_ == 0; }
  double operator()(double stored) const { return table_ ? table_->at(stored) : stored * slope_ + intercept_; }

 private:
  double slope_ = 1;
  double intercept_ = 0;
  std::optional<LookupTable> table_;
};

/// What holds for the frame. The Modality LUT of an X-Ray Angiographic or Radiofluoroscopic image leads back to beam
/// intensities and not to what is shown (PS3.3 C.8.7.1): it is left out.
Modality modality(const FrameAttributes& attributes, bool signed_values);

}  // namespace fermata::codecs::rendering
