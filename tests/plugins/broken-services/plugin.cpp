#include "fermata/plugin.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "fermata/dicom/tag.hpp"
#include "fermata/dimse_services.hpp"
#include "fermata/http_router.hpp"
#include "fermata/ingest_hook.hpp"
#include "fermata_plugin_schema.hpp"

namespace broken_services {
namespace {

using namespace fermata;

struct Defect {
  std::string name;
  bool is(const char* other) const { return name == other; }
};

class Hook final : public IngestHook {
 public:
  explicit Hook(const Defect& defect) : defect_(defect) {}
  void before_store(IngestContext& context) override {
    if (defect_.is("hook throws")) throw std::runtime_error("nobody expected this object");
    if (defect_.is("hook is slow")) std::this_thread::sleep_for(std::chrono::milliseconds(80));
    if (defect_.is("hook takes the UID away")) context.remove_element(dicom::kSopInstanceUid.value);
    if (defect_.is("hook refuses at length")) context.refuse(std::string(200, 'x'));
    if (defect_.is("hook does not share")) use_alone();
  }
  void after_store(const InstanceRecord&, StoreOutcome::Kind) override {
    if (defect_.is("hook throws afterwards")) throw std::runtime_error("nobody expected this object");
  }

 private:
  void use_alone() {
    if (busy_) throw std::runtime_error("two threads at once");
    busy_ = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    busy_ = false;
  }

  const Defect& defect_;
  std::atomic<bool> busy_{false};
};

class Service final : public DimseService {
 public:
  explicit Service(const Defect& defect) : defect_(defect) {}
  void handle(const DimseRequest& request, DimseResponder& responder) override {
    if (defect_.is("service never answers")) return;
    if (defect_.is("service trusts data sets") && request.has_data_set) std::abort();
    DimseResponse response;
    response.status = defect_.is("service always succeeds") || request.command_field == 0x0030 ? 0x0000 : 0x0211;
    if (defect_.is("service says that more follow")) response.status = 0xff00;
    responder.send(response);
    if (defect_.is("service answers twice")) responder.send(response);
    while (defect_.is("service ignores C-CANCEL") && responder.cancelled())
      std::this_thread::sleep_for(std::chrono::seconds(1));
  }

 private:
  const Defect& defect_;
};

class Page final : public HttpHandler {
 public:
  explicit Page(const Defect& defect) : defect_(defect) {}
  void handle(HttpRequest& request, HttpResponse& response) override {
    if (defect_.is("page fails")) throw std::runtime_error("nobody expected this request");
    if (defect_.is("page believes the query") && request.query().size() > 1000) std::abort();
    if (!defect_.is("page has no type")) response.header("Content-Type", "text/plain");
    try {
      const std::string_view text = "hello";
      response.write(std::as_bytes(std::span(text.data(), text.size())));
    } catch (const Error&) {
      if (defect_.is("page takes a client for a defect")) throw std::runtime_error("the client is gone");
      throw;
    }
  }

 private:
  const Defect& defect_;
};

class BrokenServicesPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<IngestHook>;
  using Needs = fermata::Needs<One<DimseServices>, One<HttpRouter>>;

  BrokenServicesPlugin(Host host, Config config)
      : host_(std::move(host)), defect_{std::string(config["defect"].string())} {
    if (defect_.is("does not start twice")) {
      static int starts = 0;
      if (++starts > 1) throw Error(Code::unavailable, "once is enough");
    }
  }

  void start() override {
    const std::string_view sop_classes[] = {defect_.is("no UID") ? "1.02.x" : "1.2.840.113619.1"};
    host_.one<DimseServices>()->add(sop_classes, kMayQuery, service_);
    host_.one<HttpRouter>()->add({"GET", defect_.is("no template") ? "pages/{a}{b}" : "/pages/{name}", ""}, page_);
    host_.publish<IngestHook>(hook_);
  }
  void drain(std::chrono::milliseconds) override {
    if (defect_.is("drains for ever")) std::this_thread::sleep_for(std::chrono::hours(1));
  }

 private:
  const Host host_;
  const Defect defect_;
  Hook hook_{defect_};
  Service service_{defect_};
  Page page_{defect_};
};

}  // namespace
}  // namespace broken_services

FERMATA_PLUGIN(broken_services::BrokenServicesPlugin);
