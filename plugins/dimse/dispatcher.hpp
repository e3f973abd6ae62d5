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
  Dispatcher(const SopClasses& classes, const Journal& journal, std::chrono::milliseconds idle_timeout)
      : classes_(classes), journal_(journal), idle_timeout_(idle_timeout) {}

  AssociationSummary run(Session& session);

 private:
  void handle(Session& session, const Message& message);
  void serve(Session& session, const Message& message, Service& service);

  const SopClasses& classes_;
  const Journal& journal_;
  std::chrono::milliseconds idle_timeout_;
};

}  // namespace fermata::dimse
