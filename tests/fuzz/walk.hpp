#pragma once
#include <string>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/json_writer.hpp"

namespace fermata::fuzz {

/// Reads all of a data set, to the innermost item, as far as `deepest`. Returns the number of elements.
inline std::size_t walk(dicom::DataSetView data_set, int deepest = 64) {
  std::size_t count = 0;
  for (const auto& element : data_set) {
    ++count;
    static_cast<void>(element.text().size());
    if (element.vr == dicom::Vr("SQ") && deepest > 0)
      for (const auto item : element.items()) count += walk(item, deepest - 1);
  }
  return count;
}

inline std::string json_of(dicom::DataSetView data_set) {
  std::string text;
  dicom::JsonWriter writer([&](std::string_view piece) { text += piece; }, 64);
  writer.write(data_set);
  writer.flush();
  return text;
}

}  // namespace fermata::fuzz
