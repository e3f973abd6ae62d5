#include "api/json_answer.hpp"

#include "fermata/json_answer.hpp"

namespace fermata::api {

void answer_json(HttpResponse& response, const boost::json::value& value, uint32_t status) {
  response.status(status);
  fermata::answer_json(response, boost::json::serialize(value));
}

boost::json::value time_value(int64_t microseconds) { return boost::json::value_from(json_time(microseconds)); }

}  // namespace fermata::api
