#pragma once
#include <avahi-client/publish.h>

#include <string>

#include "fermata/journal.hpp"
#include "own_service.hpp"

namespace fermata::discovery {

/// Announces the archive as _dicom._tcp, under another name where its AE title is taken on this network.
///
/// **Thread**: that of Avahi's events, or under its lock. **Ownership**: the client outlives what was published with
/// it: `withdraw` comes first.
class Publisher {
 public:
  Publisher(OwnService service, Journal journal);
  ~Publisher() { withdraw(); }
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// Does nothing where it is published already.
  void publish(AvahiClient& client);
  /// Says goodbye, if the daemon still listens.
  void withdraw();

 private:
  static void changed(AvahiEntryGroup* group, AvahiEntryGroupState state, void* self);
  void add(AvahiEntryGroup& group);
  void announced() const;
  void failed(int error) const;
  std::string name() const { return service_name(service_.ae_title, attempts_); }

  const OwnService service_;
  const Journal journal_;
  AvahiEntryGroup* group_ = nullptr;
  unsigned attempts_ = 0;  ///< names that were taken
};

}  // namespace fermata::discovery
