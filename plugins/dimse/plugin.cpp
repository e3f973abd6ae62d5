#include "fermata/plugin.hpp"

#include <algorithm>
#include <optional>

#include "admission/acceptor.hpp"
#include "admission/reception.hpp"
#include "client.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/periodic.hpp"
#include "fermata/transcoder.hpp"
#include "fermata_plugin_schema.hpp"
#include "node_certificates.hpp"
#include "plugin-services/node_client.hpp"
#include "plugin-services/registry.hpp"
#include "query-retrieve/finder.hpp"
#include "query-retrieve/information_model.hpp"
#include "query-retrieve/retriever.hpp"
#include "settings.hpp"
#include "sop_classes.hpp"
#include "storage.hpp"
#include "tls/expiry.hpp"
#include "upper-layer/dcmtk_log.hpp"
#include "verification.hpp"

namespace fermata::dimse {
namespace {

constexpr std::chrono::seconds kCertificateInterval{10};

class DimsePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<DimseServices, DimseClient>;
  using Needs = fermata::Needs<One<Archive>, One<ApplicationEntities>, Optional<Transcoder>, Optional<AuditTrail>,
                               Late<Authenticator>>;

  DimsePlugin(const Host& host, Config config)
      : host_(host),
        settings_(read_settings(config)),
        journal_(host),
        classes_(settings_.accept_unknown_storage),
        registry_(classes_),
        node_certificates_(settings_.tls.warn_before, journal_) {}

  void start() override {
    dcmtk_log_.emplace(journal_, host_.logs(LogLevel::debug));
    archive_ = host_.one<Archive>();
    application_entities_ = host_.one<ApplicationEntities>();
    trail_ = host_.one<AuditTrail>();
    client_.emplace(settings_.client, journal_, &node_certificates_);
    storage_.emplace(*archive_, journal_, trail_.get());
    finder_.emplace(*archive_, journal_, settings_.reception.ae_title, trail_.get(), settings_.finder);
    transcoder_ = host_.one<Transcoder>();
    node_client_.emplace(*client_, *application_entities_, *archive_, transcoder_.get(), &*storage_);
    retriever_.emplace(*archive_, *application_entities_, *client_, transcoder_.get(), journal_, settings_.retriever,
                       trail_.get());

    classes_.add(Verification::kSopClass, kMayEcho, verification_);
    classes_.set_storage(*storage_);
    for (const auto& model : information_models()) {
      const bool find = model.operation == InformationModel::Operation::find;
      classes_.add(model.sop_class_uid, model.rights(), find ? static_cast<Service&>(*finder_) : *retriever_);
    }

    auto reception = settings_.reception;
    reception.negotiation.converts = transcoder_ != nullptr;
    reception_.emplace(std::move(reception), *application_entities_, classes_, journal_);
    reception_->use(node_certificates_);
    if (settings_.plain) listen(plain_, *settings_.plain, nullptr);
    if (settings_.secured) {
      tls_.emplace(tls::Channel::Side::server, settings_.tls, journal_);
      listen(secured_, *settings_.secured, &*tls_);
    }
    host_.publish<DimseServices>(registry_);
    host_.publish<DimseClient>(*node_client_);
  }

  void serve() override {
    registry_.close();
    authenticator_ = host_.one<Authenticator>();
    reception_->use(authenticator_.get(), trail_.get());
    if (plain_) serve(*plain_, *settings_.plain, "no");
    if (secured_) serve(*secured_, *settings_.secured, "yes");
    if (tls_ || client_->tls() != nullptr) watch_certificates();
  }

  void drain(std::chrono::milliseconds limit) override {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (auto* acceptor : {&plain_, &secured_})
      if (*acceptor)
        (*acceptor)->drain(std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(
                                                                      end - std::chrono::steady_clock::now())));
  }

  void stop() noexcept override {
    watching_.stop();
    plain_.reset();
    secured_.reset();
    dcmtk_log_.reset();
  }

 private:
  void listen(std::optional<Acceptor>& acceptor, const AcceptorSettings& settings, tls::Context* tls) {
    acceptor.emplace(settings, *reception_, journal_, tls);
    acceptor->listen();
  }

  void serve(Acceptor& acceptor, const AcceptorSettings& settings, const char* tls) {
    acceptor.serve();
    host_.info("listening for DICOM associations", {{"ae_title", settings_.reception.ae_title},
                                                    {"bind", settings.bind},
                                                    {"port", std::to_string(acceptor.port())},
                                                    {"tls", tls}});
  }

  void watch_certificates() {
    expiry_.emplace(tls_ ? *tls_ : *client_->tls(), "DICOM over TLS", journal_);
    watching_.start(kCertificateInterval, journal_, [this] {
      expiry_->look();
      node_certificates_.look();
    });
  }

  Host host_;
  const Settings settings_;
  const Journal journal_;
  SopClasses classes_;
  Registry registry_;
  Verification verification_;
  NodeCertificates node_certificates_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<ApplicationEntities> application_entities_;
  std::unique_ptr<Transcoder> transcoder_;
  std::unique_ptr<AuditTrail> trail_;
  std::unique_ptr<Authenticator> authenticator_;
  std::optional<DcmtkLog> dcmtk_log_;
  std::optional<Client> client_;
  std::optional<NodeClient> node_client_;
  std::optional<Storage> storage_;
  std::optional<Finder> finder_;
  std::optional<Retriever> retriever_;
  std::optional<Reception> reception_;
  std::optional<tls::Context> tls_;
  std::optional<Acceptor> plain_;
  std::optional<Acceptor> secured_;
  std::optional<tls::Expiry> expiry_;
  Periodic watching_;
};

}  // namespace
}  // namespace fermata::dimse

FERMATA_PLUGIN(fermata::dimse::DimsePlugin);
