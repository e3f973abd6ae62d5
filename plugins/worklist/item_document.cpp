#include "item_document.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <string>

#include "fermata/error.hpp"
#include "fermata/worklist.hpp"

namespace fermata::worklist {
namespace {

namespace json = boost::json;

constexpr int64_t kFormat = 1;

}  // namespace

std::vector<std::byte> to_document(const Item& item) {
  const auto head = json::serialize(json::object{{"format", kFormat}, {"origin", item.origin}}) + "\n";
  const auto bytes = std::as_bytes(std::span(head));
  std::vector<std::byte> document(bytes.begin(), bytes.end());
  document.insert(document.end(), item.data_set.begin(), item.data_set.end());
  return document;
}

ItemPtr item_from_document(std::string_view id, std::span<const std::byte> content) {
  int64_t format = 0;
  try {
    const auto end = std::find(content.begin(), content.end(), std::byte{'\n'});
    const auto length = static_cast<std::size_t>(end - content.begin());
    const auto head = json::parse({reinterpret_cast<const char*>(content.data()), length}).as_object();
    format = head.at("format").as_int64();
    if (format == kFormat && length < content.size())
      return make_item(id, json::value_to<std::string>(head.at("origin")),
                       dicom::DataSetView(content.subspan(length + 1)), Worklist::kScheduled);
  } catch (const std::exception& e) {
    throw Error(Code::corrupt, std::string("a stored worklist item can't be read: ") + e.what());
  }
  throw Error(Code::unsupported, "a stored worklist item has format " + std::to_string(format) +
                                     ", written by a newer version of this plugin: use that version");
}

}  // namespace fermata::worklist
