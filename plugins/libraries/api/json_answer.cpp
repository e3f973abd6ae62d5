#include "api/json_answer.hpp"

#include <algorithm>

#include "fermata/dicom/json_text.hpp"
#include "fermata/json_answer.hpp"

namespace fermata::api {

void answer_json(HttpResponse& response, const boost::json::value& value, uint32_t status) {
  response.status(status);
  fermata::answer_json(response, boost::json::serialize(value));
}

boost::json::value time_value(int64_t microseconds) { return boost::json::value_from(json_time(microseconds)); }

std::string utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = dicom::json::utf8_length(text);
    if (length == 0)
      out += "\xef\xbf\xbd";
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace fermata::api
