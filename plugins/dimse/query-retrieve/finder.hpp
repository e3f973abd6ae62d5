#pragma once
#include <cstdint>
#include <string>

#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/journal.hpp"
#include "fermata/rate_limit.hpp"
#include "query-retrieve/query_retrieve_request.hpp"
#include "service.hpp"

namespace fermata::dimse {

struct FinderSettings {
  uint64_t results = 1'000'000;        ///< matches sent for one query
  double queries_per_second = 10'000;  ///< from one address, over a while; 0: any number
};

/// Answers C-FIND in all Query/Retrieve information models, at every level (PS3.4 C.4.1).
///
/// Answers are sent as the archive finds them, until the peer cancels or goes away. Each has the keys that were asked
/// for, its level, and where it can be retrieved (PS3.4 C.4.1.1.3.2). *Used by* the dispatcher. **Thread**: any number
/// at once. **Errors**: what is wrong with a request becomes its status: 0xA900 where the identifier makes no sense,
/// 0xC001 where the archive could not answer.
class Finder : public Service {
 public:
  /// `ae_title`: from whom the answers can be retrieved. `trail` may be null.
  Finder(Archive& archive, const Journal& journal, std::string ae_title, AuditTrail* trail = nullptr,
         FinderSettings settings = {})
      : archive_(archive),
        journal_(journal),
        ae_title_(std::move(ae_title)),
        trail_(trail),
        settings_(settings),
        rate_(settings.queries_per_second, settings.queries_per_second * kBurst) {}
  void handle(Session& session, const Message& message) override;

 private:
  static constexpr double kBurst = 10;  ///< seconds

  void keep_pace(Session& session, const Message& message);
  uint16_t answer(Session& session, const Message& message, const QueryRetrieveRequest& request);

  Archive& archive_;
  const Journal& journal_;
  std::string ae_title_;
  AuditTrail* const trail_;
  const FinderSettings settings_;
  RateLimit rate_;
};

}  // namespace fermata::dimse
