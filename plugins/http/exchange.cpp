#include "exchange.hpp"

#include <ctime>

#include "condition.hpp"
#include "current_representation.hpp"
#include "fermata/error.hpp"
#include "fermata/implementation.hpp"
#include "http_date.hpp"
#include "path.hpp"
#include "request_id.hpp"
#include "served_request.hpp"

namespace fermata::http {
namespace {

constexpr unsigned kClientClosed = 499;  // of the log only: nobody was there to be answered

ResponseRules rules(const Site& site, const RequestHead& head, const std::string& id, bool last) {
  ResponseRules rules;
  rules.standing = standing_fields();
  rules.standing.append("X-Request-Id", id);
  for (const auto& [name, value] : site.cors().of_answer(head)) rules.standing.append(name, value);
  rules.compress = site.settings().compress;
  rules.keep_alive = head.keep_alive && !last;
  return rules;
}

std::string joined(const std::set<std::string>& methods) {
  auto all = methods;
  if (all.count("GET") != 0) all.insert("HEAD");
  all.insert("OPTIONS");
  std::string out;
  for (const auto& method : all) out += (out.empty() ? "" : ", ") + method;
  return out;
}

}  // namespace

Fields standing_fields() {
  Fields fields;
  fields.append("Date", http_date(std::time(nullptr)));
  fields.append("Server", "Fermata/" + std::string(kVersion));
  fields.append("X-Content-Type-Options", "nosniff");
  fields.append("Referrer-Policy", "same-origin");
  return fields;
}

Exchange::Exchange(const Site& site, const ClientOrigin& origin, const RequestHead& head, InputBuffer& received,
                   Transport& transport, bool last)
    : site_(site),
      head_(head),
      id_(request_id(head.fields.get("X-Request-Id"))),
      origin_(origin),
      stream_(transport, {site.settings().timeouts.stall, site.settings().timeouts.stall_bytes}),
      body_(head, received, stream_, stream_, site.settings().limits.body),
      response_(head, rules(site, head, id_, last), stream_) {
  site_.traffic().begins();
}

After Exchange::run() {
  try {
    try {
      dispatch();
    } catch (const Problem& problem) {
      refuse(problem);
    } catch (const Error& error) {
      broke_off(error);
    } catch (const std::exception& error) {
      broke_off(Error(Code::internal, error.what()));
    }
  } catch (const std::exception&) {
    gone_ = true;  // nor did the answer that says what went wrong get through
  }
  const auto result = after();
  count_and_log(result);
  return result;
}

void Exchange::dispatch() {
  if (!head_.chunked && head_.content_length > site_.settings().limits.body)
    throw Problem(413, "The request's body is larger than this server takes, " +
                           std::to_string(site_.settings().limits.body) + " bytes; send less at a time.");
  if (head_.path == "*") {
    response_.status(204);
    response_.header("Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS");
    response_.finish();
    return;
  }
  const auto path = without_prefix(head_.path, site_.settings().prefix);
  const auto segments = path_segments(path);
  const auto found = site_.routes().find(head_.method == "HEAD" ? "GET" : head_.method, segments);
  if (found.route == nullptr && found.allowed.empty()) throw Problem(404, "There is nothing at this address.");
  if (head_.method == "OPTIONS") {
    answer_options(found);
    return;
  }
  if (found.route == nullptr) {
    Fields allow;
    allow.set("Allow", joined(found.allowed));
    throw Problem(405, "This address does not have the method " + head_.method + ".", allow);
  }
  auto sender = admit(*found.route, path);
  user_ = sender.user();
  check_conditions(path, segments);
  ServedRequest request(head_, path, found.parameters, origin_, sender, id_, body_);
  found.route->handler->handle(request, response_);
  if (!body_.is_worth_finishing()) response_.close_after();
  response_.finish();
}

/// What changes something is not done unless what is there is as the client believes (RFC 9110 13.1). Of a GET, the
/// answer itself is looked at.
void Exchange::check_conditions(std::string_view path, const std::vector<std::string>& segments) {
  if (head_.method == "GET" || head_.method == "HEAD" || !has_conditions(head_.fields)) return;
  CurrentRepresentation current;
  if (const auto found = site_.routes().find("GET", segments); found.route != nullptr) {
    auto head = head_;
    head.method = "GET";
    remove_conditions(head.fields);
    auto sender = admit(*found.route, path);
    ServedRequest request(head, path, found.parameters, origin_, sender, id_, body_);
    current.get(*found.route->handler, request);
  }
  const bool missing = head_.fields.has("If-Match") && !current.exists();
  if (missing || wants_another(head_.fields, current.etag(), current.last_modified()) ||
      (head_.fields.has("If-None-Match") && current.exists() &&
       client_has_it(head_.fields, current.etag(), current.last_modified())))
    throw Problem(412, "What is at this address is not what the request is about; look at it again.");
}

void Exchange::answer_options(const RouteTable::Found& found) {
  response_.status(204);
  const auto methods = joined(found.allowed);
  response_.header("Allow", methods);
  for (const auto& [name, value] : site_.cors().of_preflight(head_, methods)) response_.header(name, value);
  response_.finish();
}

Sender Exchange::admit(const Route& route, std::string_view path) {
  try {
    return site_.access().admit(origin_, head_, path, route.permission);
  } catch (const Problem&) {
    site_.journal().count("refused_permissions_total", 1);
    if (origin_.unknown) site_.tell_of_unknown_proxy(origin_.address);
    throw;
  }
}

void Exchange::broke_off(const Error& error) {
  const auto& journal = site_.journal();
  if (response_.unwanted()) return;
  if (body_.too_large() && !response_.sent()) {
    refuse(Problem(413, error.what()));
    return;
  }
  if (stream_.too_slow()) {
    journal.count("stalled_requests_total", 1);
    journal.count("limit_stall_total", 1);
    refuse(Problem(408, "The request's body did not arrive in time; send it again."));
    return;
  }
  if (stream_.client_gone()) {
    gone_ = true;
    return;
  }
  const auto problem = problem_of(error);
  if (problem.status() >= 500)
    journal.log(LogLevel::error, "a request failed",
                {{"id", id_}, {"method", head_.method}, {"path", head_.path}, {"reason", error.what()}});
  refuse(problem);
}

void Exchange::refuse(const Problem& problem) {
  if (problem.status() == 413) site_.journal().count("limit_body_total", 1);
  if (response_.sent()) {
    gone_ = true;
    return;
  }
  if (problem.status() == 408 || !body_.is_worth_finishing()) response_.close_after();
  response_.answer(problem, id_);
}

After Exchange::after() {
  if (gone_) return response_.sent() ? After::cut : After::close;
  if (response_.until_close() || !response_.keep_alive()) return After::close;
  try {
    return body_.finish() ? After::next : After::close;
  } catch (const Error&) {
    return After::close;
  }
}

void Exchange::count_and_log(After after) const {
  const auto duration = std::chrono::steady_clock::now() - begin_;
  const auto status = gone_ && !response_.sent() ? kClientClosed : response_.status();
  site_.traffic().ends(head_.method, status, duration, response_.body_bytes());
  if (!site_.settings().access_log) return;
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(duration);
  const auto& journal = site_.journal();
  journal.log(LogLevel::info, "request",
              {{"method", head_.method},
               {"path", head_.path},
               {"status", std::to_string(status)},
               {"bytes", std::to_string(response_.body_bytes())},
               {"milliseconds", std::to_string(milliseconds.count())},
               {"peer", origin_.address},
               {"id", id_},
               {"user", user_},
               {"complete", after == After::cut ? "no" : "yes"}});
  if (!head_.query.empty()) journal.log(LogLevel::debug, "query", {{"id", id_}, {"query", head_.query}});
}

}  // namespace fermata::http
