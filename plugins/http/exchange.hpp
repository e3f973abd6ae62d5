#pragma once
#include <chrono>
#include <string>

#include "client_origin.hpp"
#include "request_body.hpp"
#include "response_writer.hpp"
#include "route_table.hpp"
#include "site.hpp"
#include "waiting_stream.hpp"

namespace fermata::http {

/// The fields of every answer of this server.
Fields standing_fields();

/// One request and its answer: finds the route, lets the handler answer, turns its errors into problems, and says so in
/// the log.
///
/// **Thread**: one, which waits. **Ownership**: all that is given lives as long as this. **Errors**: none leave `run`.
class Exchange {
 public:
  Exchange(const Site& site, const ClientOrigin& origin, const RequestHead& head, InputBuffer& received,
           Transport& transport, bool last);

  After run();

 private:
  void dispatch();
  void answer_options(const RouteTable::Found& found);
  void broke_off(const Error& error);
  void check_conditions(std::string_view path, const std::vector<std::string>& segments);
  Sender admit(const Route& route, std::string_view path);
  void refuse(const Problem& problem);
  After after();
  void count_and_log(After after) const;

  const Site& site_;
  const RequestHead& head_;
  const std::string id_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  const ClientOrigin& origin_;
  std::string user_;
  WaitingStream stream_;
  RequestBody body_;
  ResponseWriter response_;
  bool gone_ = false;  ///< the answer did not get through
};

}  // namespace fermata::http
