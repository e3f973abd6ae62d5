#include "nodes/assistant.hpp"

#include <optional>

#include "fermata/timestamp.hpp"
#include "json_body.hpp"
#include "nodes/assistant_texts.hpp"
#include "nodes/node_check.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr uint16_t kMoveDestinationUnknown = 0xa801;  // PS3.4 C.4.2.1.5

}  // namespace

/// One run: the steps in their order. Each goes out before the next begins.
class Assistant::Run {
 public:
  Run(const Assistant& assistant, NodeDraft node, Language language, HttpResponse& response)
      : assistant_(assistant), node_(std::move(node)), language_(language), response_(response) {}

  ~Run() { take_back(); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void all(bool send) {
    const bool reachable = tcp();
    const bool answers = reachable && echo();
    if (!reachable) skip("echo", text::kEcho, text::kFirst);
    if (answers)
      query();
    else
      skip("query", text::kQuery, text::kFirst);
    with_image(answers, send);
    callback();
    rights();
  }

 private:
  void step(std::string_view name, std::string_view state, const std::string& title, const std::string& detail,
            const std::string& remedy = {}) {
    const auto line = json::serialize(json::object{{"step", name},
                                                   {"state", state},
                                                   {"title", utf8(title)},
                                                   {"detail", utf8(detail)},
                                                   {"remedy", utf8(remedy)}}) +
                      "\n";
    response_.write(std::as_bytes(std::span(line)));
    response_.flush();
  }
  void skip(std::string_view name, const Text& title, const Text& why) {
    step(name, "skipped", title.in(language_), why.in(language_));
  }

  bool tcp() {
    const auto where = node_.host + ":" + std::to_string(node_.port);
    const auto title = text::kTcp.in(language_, where);
    const auto failed = [&](const Text& detail, const Text& remedy, std::string_view filling) {
      step("tcp", "failed", title, detail.in(language_, filling), remedy.in(language_));
      return false;
    };
    if (node_.host.empty()) return failed(text::kNoHost, text::kNoHostRemedy, {});
    const auto probe = assistant_.probe_(node_.host, node_.port);
    own_address_ = probe.own_address;
    switch (probe.outcome) {
      case TcpProbe::Outcome::open:
        step("tcp", "ok", title, text::kOpen.in(language_, where));
        return true;
      case TcpProbe::Outcome::unknown_host:
        return failed(text::kUnknownHost, text::kUnknownHostRemedy, node_.host);
      case TcpProbe::Outcome::refused:
        return failed(text::kRefused, text::kRefusedRemedy, node_.host);
      default:
        return failed(text::kNoAnswer, text::kNoAnswerRemedy, where);
    }
  }

  bool echo() {
    const auto result = assistant_.echo_->run(node_.ae_title);
    const auto title = text::kEcho.in(language_);
    if (result.ok)
      step("echo", "ok", title, text::kEchoOk.in(language_));
    else
      step("echo", "failed", title, result.message, text::kEchoRemedy.in(language_, own_node()));
    return result.ok;
  }

  void query() {
    const auto result = check_query(*assistant_.client_, node_.ae_title);
    if (result.outcome == CheckResult::Outcome::not_offered) return skip("query", text::kQuery, text::kQueryNotOffered);
    report("query", result, text::kQuery, text::kQueryOk, text::kQueryRemedy);
  }

  /// The steps that need a test image on the other side.
  void with_image(bool answers, bool send) {
    const auto& why_not = send ? text::kFirst : text::kSendNotAsked;
    const bool there = answers && send && store();
    if (!answers || !send) skip("send", text::kSend, why_not);
    const bool ourselves = there && take_back();
    if (ourselves || !there) {
      skip("move", text::kMove, ourselves ? text::kOurselves : why_not);
      skip("get", text::kGet, ourselves ? text::kOurselves : why_not);
      return;
    }
    move();
    get();
  }

  bool store() {
    const auto result = check_send(*assistant_.client_, node_.ae_title, image_);
    report("send", result, text::kSend, text::kSendOk, text::kSendRemedy);
    sent_ = result.outcome == CheckResult::Outcome::ok;
    return sent_;
  }

  void move() {
    const auto result = check_move(*assistant_.client_, node_.ae_title, image_, assistant_.own_.ae_title);
    const auto refused = last_refusal();
    if (result.outcome == CheckResult::Outcome::not_offered) return skip("move", text::kMove, text::kMoveNotOffered);
    const auto title = text::kMove.in(language_);
    if (take_back()) return step("move", "ok", title, text::kMoveOk.in(language_));
    const auto detail = result.message.empty() ? text::kNotArrived.in(language_) : result.message;
    if (refused && refused->last_us >= began_us_)
      return step("move", "failed", title, text::kMoveRefused.in(language_, refused->reason),
                  text::kWasRefusedRemedy.in(language_, refused->address));
    const bool unknown = result.status == kMoveDestinationUnknown;
    step("move", "failed", title, unknown ? text::kMoveUnknown.in(language_) : detail,
         (unknown ? text::kMoveUnknownRemedy : text::kMoveRemedy).in(language_, own_node()));
  }

  void get() {
    const auto result = check_get(*assistant_.client_, node_.ae_title, image_);
    if (result.outcome == CheckResult::Outcome::not_offered) return skip("get", text::kGet, text::kGetNotOffered);
    const auto title = text::kGet.in(language_);
    if (take_back()) return step("get", "ok", title, text::kGetOk.in(language_));
    step("get", "failed", title, result.message.empty() ? text::kNotArrived.in(language_) : result.message,
         text::kGetRemedy.in(language_, own_node()));
  }

  /// True if the test image has come into this archive; it is gone again afterwards.
  bool take_back() noexcept try {
    const std::string_view study = image_.study;
    return sent_ && assistant_.archive_.remove({.study_instance_uids = {&study, 1}}) != 0;
  } catch (const std::exception&) {
    return false;
  }

  void report(std::string_view name, const CheckResult& result, const Text& title, const Text& ok, const Text& remedy) {
    if (result.outcome == CheckResult::Outcome::ok)
      step(name, "ok", title.in(language_), ok.in(language_));
    else
      step(name, "failed", title.in(language_), result.message, remedy.in(language_, own_node()));
  }

  void callback() {
    const auto title = text::kCallback.in(language_);
    const auto refused = last_refusal();
    const auto last_seen_us = last_seen();
    if (refused && refused->last_us > last_seen_us)
      return step("callback", "failed", title, text::kWasRefused.in(language_, refused->reason),
                  text::kWasRefusedRemedy.in(language_, refused->address));
    if (last_seen_us != 0)
      return step("callback", "ok", title,
                  text::kHasCalled.in(language_, std::string(time_value(last_seen_us).as_string())));
    step("callback", "skipped", title, text::kNotCalled.in(language_),
         text::kNotCalledRemedy.in(language_, own_node()));
  }

  /// What it would not be let do when it calls, and what it needs for that.
  void rights() {
    constexpr Rights kToFetch = kMayQuery | kMayRetrieve;
    const auto title = text::kRights.in(language_);
    const auto to_fetch = text::kFetchRemedy.in(language_, own_node()) + " " + move_target();
    if ((node_.rights & kToFetch) == kToFetch)
      return step("rights", "ok", title,
                  (node_.rights & kMayStore) != 0 ? text::kMayAll.in(language_) : text::kMayFetch.in(language_),
                  to_fetch);
    const bool nothing = (node_.rights & (kToFetch | kMayStore)) == 0;
    step("rights", nothing ? "failed" : "skipped", title,
         (nothing ? text::kMayNothing : text::kMayStoreOnly).in(language_), text::kRightsRemedy.in(language_));
  }

  /// Where C-MOVE of the other side would go.
  std::string move_target() const {
    if (node_.host.empty()) return text::kMoveTargetMissing.in(language_, node_.ae_title);
    return text::kMoveTarget.in(language_, node_.ae_title + " = " + node_.host + ":" + std::to_string(node_.port));
  }

  int64_t last_seen() const {
    const auto nodes = assistant_.entities_.list();
    for (ApplicationEntity node; nodes->next(node);)
      if (node.ae_title == node_.ae_title) return node.last_seen_us;
    return 0;
  }

  struct Refusal {
    std::string reason;
    std::string address;
    int64_t last_us;
  };
  std::optional<Refusal> last_refusal() const {
    const auto callers = assistant_.entities_.refused();
    for (RefusedCaller caller; callers->next(caller);)
      if (caller.calling_ae_title == node_.ae_title)
        return Refusal{std::string(caller.reason), std::string(caller.address), caller.last_us};
    return {};
  }

  /// What to type into the other side.
  std::string own_node() const {
    auto text = text::kOwnNode.in(language_, assistant_.own_.ae_title);
    auto address = own_address_;
    if (const auto addresses = own_addresses(); address.empty() && !addresses.empty()) address = addresses.front();
    if (!address.empty()) text += text::kOwnAddress.in(language_, address);
    return text + text::kOwnPort.in(language_, std::to_string(assistant_.own_.port));
  }

  const Assistant& assistant_;
  const NodeDraft node_;
  const Language language_;
  HttpResponse& response_;
  const int64_t began_us_ = now_us();
  const TestImage image_;
  bool sent_ = false;
  std::string own_address_;
};

void Assistant::add_to(api::Routes& routes) {
  routes.add("POST", "/api/nodes/{ae_title}/assistant", "nodes.manage",
             {.summary = "Try the connection to a node step by step, both ways; a line of JSON for each step",
              .group = "nodes",
              .body = R"({"type":"object","properties":{"send":{"type":"boolean"}}})",
              .answer_type = "application/x-ndjson"},
             [this](auto& request, auto& response) { answer(request, response); });
}

void Assistant::answer(HttpRequest& request, HttpResponse& response) const {
  if (client_ == nullptr || echo_ == nullptr)
    throw Error(Code::unsupported, "nobody here can call other nodes: switch on the plugin `dimse`");
  const auto title = request.parameter("ae_title");
  const bool send = bool_member(read_object(request), "send", false);
  const auto nodes = entities_.list();
  for (ApplicationEntity node; nodes->next(node);) {
    if (node.ae_title != title) continue;
    response.header("Content-Type", "application/x-ndjson");
    response.header("Cache-Control", "no-store");
    Run(*this, NodeDraft::of(node), language_of(request.header("Accept-Language")), response).all(send);
    return;
  }
  throw Error(Code::not_found, "there is no such node");
}

}  // namespace fermata::admin
