#pragma once
#include <boost/json.hpp>

#include "backup_name.hpp"
#include "fermata/http_router.hpp"

namespace fermata::backup {

/// "2026-11-27T22:35:42Z"; null for 0.
inline boost::json::value time_value(Moment moment) {
  if (moment == 0) return nullptr;
  auto text = backup_name(moment);
  text[13] = text[16] = ':';
  return boost::json::value(text);
}

inline void answer_with(HttpResponse& response, const boost::json::value& body) {
  const auto text = boost::json::serialize(body);
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  response.write(std::as_bytes(std::span(text)));
}

}  // namespace fermata::backup
