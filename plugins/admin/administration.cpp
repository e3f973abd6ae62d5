#include "administration.hpp"

#include <chrono>

#include "fermata/timestamp.hpp"

namespace fermata::admin {
namespace {

constexpr std::chrono::seconds kCountingInterval{2};
constexpr std::chrono::seconds kProbePatience{5};

}  // namespace

Administration::Administration(const Services& services, const Options& options, const Journal& journal)
    : journal_(journal),
      routes_(*services.router),
      labels_(*services.state),
      label_care_(labels_, *services.archive, services.trash.get(), now_us),
      notes_(*services.state),
      descriptions_(*services.state),
      keeper_(*services.archive, *services.state, descriptions_, journal, now_us,
              [this](std::string_view study) { label_care_.removed(study); }),
      echo_(services.dimse ? std::make_unique<Echo>(*services.dimse) : nullptr),
      studies_(*services.archive, labels_, notes_, descriptions_, AuditNotes(services.audit.get())),
      trash_(*services.archive, services.trash.get(), labels_, options.trash_keep, AuditNotes(services.audit.get())),
      upload_(*services.archive, {}, journal),
      download_(*services.archive, AuditNotes(services.audit.get())),
      nodes_(*services.entities, echo_.get(), services.stations.get(), AuditNotes(services.audit.get())),
      assistant_(*services.entities, *services.archive, services.dimse.get(), echo_.get(), options.own,
                 [](const std::string& host, uint16_t port) { return probe_tcp(host, port, kProbePatience); }),
      connection_(options.own, *services.router),
      storage_(*services.archive, keeper_, now_us),
      health_(*services.host, storage_, services.stations.get(), journal),
      system_({*services.host, *services.router, *services.entities, services.jobs.get(), services.trash.get()},
              keeper_, storage_, health_),
      index_(services.renewal.get(), services.jobs.get(), AuditNotes(services.audit.get())),
      pages_(options.web) {
  studies_.add_to(routes_);
  trash_.add_to(routes_);
  upload_.add_to(routes_);
  download_.add_to(routes_);
  nodes_.add_to(routes_);
  assistant_.add_to(routes_);
  connection_.add_to(routes_);
  extensions_.add_to(routes_);
  system_.add_to(routes_);
  index_.add_to(routes_);
  pages_.add_to(*services.router);
}

void Administration::serve() {
  counting_.start(kCountingInterval, journal_, [this] {
    keeper_.step();
    label_care_.step();
    health_.look();
  });
}

void Administration::stop() noexcept { counting_.stop(); }

}  // namespace fermata::admin
