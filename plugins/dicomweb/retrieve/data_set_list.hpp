#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "acceptance.hpp"
#include "attribute_dictionary.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/index.hpp"

namespace fermata::dicomweb {

/// How data sets are written (PS3.18 8.7.3.2): DICOM JSON, or the Native DICOM Model with one part for each.
struct DataSetFormat {
  enum class Model { json, xml };
  Model model = Model::json;
  std::string media_type;
  bool as_stored = true;  ///< for best_of: both cost the same
};

/// **Errors**: Problem 406.
DataSetFormat choose_data_set_format(std::span<const MediaRange> accepted);

/// Data sets as a body: the answer to a search, or metadata. Each goes out as it is added.
///
/// **Thread**: one at a time. **Ownership**: borrows the response and the dictionary. **Errors**: corrupt (bytes that
/// are no data set), and those of the response.
class DataSetList {
 public:
  /// Appends the URL of a value that is left out of a data set.
  using BulkUri = std::function<void(std::string& to, const BulkValue& value)>;

  /// Sets the Content-Type. Nothing is written yet.
  static std::unique_ptr<DataSetList> make(HttpResponse& response, const DataSetFormat& format,
                                           const AttributeDictionary& dictionary);
  virtual ~DataSetList() = default;
  virtual void add(dicom::DataSetView data_set, std::span<const BulkValue> bulk = {}, const BulkUri& uri = {}) = 0;
  virtual void finish() = 0;
};

}  // namespace fermata::dicomweb
