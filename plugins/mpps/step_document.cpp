#include "step_document.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <string>

#include "fermata/error.hpp"

namespace fermata::mpps {
namespace {

namespace json = boost::json;

constexpr int64_t kFormat = 1;

}  // namespace

std::vector<std::byte> to_document(const PerformedStep& step) {
  const auto head = json::serialize(json::object{{"format", kFormat},
                                                 {"ae_title", step.ae_title},
                                                 {"created_us", step.created_us},
                                                 {"changed_us", step.changed_us},
                                                 {"worklist_items", json::value_from(step.worklist_items)}}) +
                    "\n";
  const auto bytes = std::as_bytes(std::span(head));
  std::vector<std::byte> document(bytes.begin(), bytes.end());
  const auto data_set = step.data_set.bytes();
  document.insert(document.end(), data_set.begin(), data_set.end());
  return document;
}

PerformedStep step_from_document(std::string_view sop_instance_uid, std::span<const std::byte> content) {
  int64_t format = 0;
  try {
    const auto end = std::find(content.begin(), content.end(), std::byte{'\n'});
    const auto length = static_cast<std::size_t>(end - content.begin());
    const auto head = json::parse({reinterpret_cast<const char*>(content.data()), length}).as_object();
    format = head.at("format").as_int64();
    if (format == kFormat && length < content.size()) {
      PerformedStep step;
      step.sop_instance_uid = sop_instance_uid;
      step.ae_title = json::value_to<std::string>(head.at("ae_title"));
      step.created_us = head.at("created_us").to_number<int64_t>();
      step.changed_us = head.at("changed_us").to_number<int64_t>();
      step.worklist_items = json::value_to<std::vector<std::string>>(head.at("worklist_items"));
      step.data_set = dicom::EditableDataSet(dicom::DataSetView(content.subspan(length + 1)));
      return step;
    }
  } catch (const std::exception& e) {
    throw Error(Code::corrupt, std::string("a stored procedure step can't be read: ") + e.what());
  }
  throw Error(Code::unsupported, "a stored procedure step has format " + std::to_string(format) +
                                     ", written by a newer version of this plugin: use that version");
}

}  // namespace fermata::mpps
