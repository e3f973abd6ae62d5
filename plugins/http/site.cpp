#include "site.hpp"

#include "exchange.hpp"
#include "problem.hpp"
#include "request_id.hpp"
#include "response_writer.hpp"

namespace fermata::http {
namespace {

class Text final : public Sink {
 public:
  void write(std::span<const Bytes> pieces) override {
    for (const auto& piece : pieces) text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  }
  std::string text;
};

}  // namespace

std::string_view without_prefix(std::string_view path, std::string_view prefix) {
  if (prefix.empty() || !path.starts_with(prefix)) return path;
  const auto rest = path.substr(prefix.size());
  if (rest.empty()) return "/";
  return rest.front() == '/' ? rest : path;
}

Site::Site(Settings settings, const RouteTable& routes, Traffic& traffic, const Journal& journal)
    : settings_(std::move(settings)),
      routes_(routes),
      traffic_(traffic),
      journal_(journal),
      access_(settings_.access),
      cors_(access_, !settings_.access.allowed_origins.empty(), settings_.cors_credentials),
      here_("localhost:" + std::to_string(settings_.port)) {}

bool Site::is_urgent(const RequestHead& head) const {
  const auto path = without_prefix(head.path, settings_.prefix);
  return path == "/healthz" || path == "/readyz" || path == "/metrics";
}

After Site::answer(const Peer& peer, const RequestHead& head, InputBuffer& received, Transport& transport,
                   bool last) const {
  const auto origin = client_origin(peer, head, settings_.proxies, settings_.prefix, here_);
  return Exchange(*this, origin, head, received, transport, last).run();
}

void Site::tell_of_unknown_proxy(const std::string& address) const {
  if (told_of_proxy_.exchange(true)) return;
  journal_.log(LogLevel::warning,
               "requests come through a proxy that is not trusted: they are treated like those of strangers. Add it to "
               "`trusted_proxies` if it is yours, and let it set the fields of `proxy_fields`",
               {{"proxy", address}});
}

std::string Site::refusal(const Problem& problem) const {
  Text sink;
  RequestHead nobody;
  nobody.method = "GET";
  const auto id = request_id({});
  ResponseRules rules;
  rules.standing = standing_fields();
  rules.standing.append("X-Request-Id", id);
  rules.keep_alive = false;
  ResponseWriter(nobody, rules, sink).answer(problem, id);
  return sink.text;
}

}  // namespace fermata::http
