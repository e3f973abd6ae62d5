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

Site::Site(Settings settings, const RouteTable& routes, const Journal& journal)
    : settings_(std::move(settings)), routes_(routes), journal_(journal) {}

After Site::answer(const Peer& peer, const RequestHead& head, InputBuffer& received, Transport& transport,
                   bool last) const {
  return Exchange(*this, routes_, peer, authority_, head, received, transport, last).run();
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
