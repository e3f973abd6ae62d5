#include "assistant.hpp"

#include <optional>

#include "assistant_texts.hpp"
#include "json_body.hpp"
#include "node_check.hpp"

namespace fermata::admin {
namespace json = boost::json;

/// One run: the steps in their order. Each goes out before the next begins.
class Assistant::Run {
 public:
  Run(const Assistant& assistant, NodeDraft node, int64_t last_seen_us, Language language, HttpResponse& response)
      : assistant_(assistant),
        node_(std::move(node)),
        last_seen_us_(last_seen_us),
        language_(language),
        response_(response) {}

  void all(bool send) {
    const bool reachable = tcp();
    const bool answers = reachable && echo();
    if (!reachable) skip("echo", text::kEcho, text::kFirst);
    if (answers)
      query();
    else
      skip("query", text::kQuery, text::kFirst);
    if (!send)
      skip("send", text::kSend, text::kSendNotAsked);
    else if (answers)
      store();
    else
      skip("send", text::kSend, text::kFirst);
    callback();
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

  void store() {
    report("send", check_send(*assistant_.client_, node_.ae_title), text::kSend, text::kSendOk, text::kSendRemedy);
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
    if (refused && refused->last_us > last_seen_us_)
      return step("callback", "failed", title, text::kWasRefused.in(language_, refused->reason),
                  text::kWasRefusedRemedy.in(language_, refused->address));
    if (last_seen_us_ != 0)
      return step("callback", "ok", title,
                  text::kHasCalled.in(language_, std::string(time_value(last_seen_us_).as_string())));
    step("callback", "skipped", title, text::kNotCalled.in(language_),
         text::kNotCalledRemedy.in(language_, own_node()));
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
  const int64_t last_seen_us_;
  const Language language_;
  HttpResponse& response_;
  std::string own_address_;
};

void Assistant::add_to(ApiRoutes& routes) {
  routes.add("POST", "/api/nodes/{ae_title}/assistant", "nodes.manage",
             {.summary = "Try the connection to a node step by step; a line of JSON for each",
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
    Run(*this, NodeDraft::of(node), node.last_seen_us, language_of(request.header("Accept-Language")), response)
        .all(send);
    return;
  }
  throw Error(Code::not_found, "there is no such node");
}

}  // namespace fermata::admin
