#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "fermata/journal.hpp"
#include "sop_classes.hpp"

namespace fermata::dimse {

/// How an association went, for the log.
struct AssociationSummary {
  uint64_t stores = 0;
  uint64_t queries = 0;
  uint64_t retrievals = 0;
  uint64_t others = 0;
  std::string end = "released";
};

/// Takes the messages of one association one after the other to the service that its Presentation Context stands for.
///
/// *Used by* Reception, on the association's thread. **Errors**: none; how it ended is in the summary.
class Dispatcher {
 public:
  struct Settings {
    std::chrono::milliseconds idle{60000};  ///< between two messages
    std::chrono::milliseconds lifetime{
        86400000};  ///< of the whole association; a message that is on its way ends first
  };

  Dispatcher(const SopClasses& classes, const Journal& journal, Settings settings)
      : classes_(classes), journal_(journal), settings_(settings) {}

  AssociationSummary run(Session& session);

 private:
  std::chrono::milliseconds time_left(Session& session, std::chrono::steady_clock::time_point end) const;
  void handle(Session& session, const Message& message);
  void serve(Session& session, const Message& message, Service& service);

  const SopClasses& classes_;
  const Journal& journal_;
  const Settings settings_;
};

}  // namespace fermata::dimse
