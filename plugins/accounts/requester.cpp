#include "requester.hpp"

#include "problem.hpp"

namespace fermata::accounts {
namespace {

constexpr const char* kLogIn = "Log in first.";

Caller shown(Callers& callers, HttpRequest& request) {
  return callers.of(
      {request.header("Authorization"), request.header("Cookie"), request.peer_address(), request.secure()});
}

void set_cookie(HttpRequest& request, HttpResponse& response, const std::string& value) {
  auto cookie = std::string(Callers::kCookie) + "=" + value + "; Path=/; HttpOnly; SameSite=Strict";
  if (request.base_url().starts_with("https://")) cookie += "; Secure";
  response.header("Set-Cookie", cookie);
}

}  // namespace

Caller requester(Callers& callers, HttpRequest& request) {
  try {
    return shown(callers, request);
  } catch (const Error& error) {
    if (error.code() != Code::refused) throw;
    return {};
  }
}

Caller logged_in(Callers& callers, HttpRequest& request) {
  try {
    auto caller = shown(callers, request);
    if (caller.account) return caller;
  } catch (const Error& error) {
    if (error.code() != Code::refused) throw;
    throw Problem(401, error.what());
  }
  throw Problem(401, kLogIn);
}

Caller person(Callers& callers, HttpRequest& request) {
  auto caller = logged_in(callers, request);
  if (!caller.is_person()) throw Problem(403, "An access token can't do this. Log in with name and password.");
  return caller;
}

void check_manages_users(HttpRequest& request) {
  if (!request.may(kManageUsers)) throw Error(Code::refused, "This needs the permission users.manage.");
}

void set_session_cookie(HttpRequest& request, HttpResponse& response, std::string_view token) {
  set_cookie(request, response, std::string(token));
}

void clear_session_cookie(HttpRequest& request, HttpResponse& response) {
  set_cookie(request, response, "; Max-Age=0");
}

}  // namespace fermata::accounts
