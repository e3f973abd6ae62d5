#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <string>

#include "fermata/application_entities.hpp"

namespace fermata::dimse {

/// The fields of A-ASSOCIATE-RJ (PS3.8 9.3.4).
struct Rejection {
  T_ASC_RejectParameters fields;

  static Rejection by_user(T_ASC_RejectParametersReason reason) {
    return {{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, reason}};
  }
  /// What PS3.7 D.3.3.7 has for a user who is not accepted.
  static Rejection by_provider() {
    return {{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEPROVIDER_ACSE_RELATED, ASC_REASON_SP_ACSE_NOREASON}};
  }
  static Rejection limit_exceeded() {
    return {{ASC_RESULT_REJECTEDTRANSIENT, ASC_SOURCE_SERVICEPROVIDER_PRESENTATION_RELATED,
             ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED}};
  }
};

/// Why a caller is not admitted, for the administrator.
inline std::string refusal_text(Admission::Verdict verdict) {
  switch (verdict) {
    case Admission::Verdict::wrong_address:
      return "the AE title is known, but not at this address";
    case Admission::Verdict::tls_required:
      return "this AE title has to use TLS";
    case Admission::Verdict::certificate_required:
      return "its certificate is not the one that the node has";
    case Admission::Verdict::user_required:
      return "this AE title has to say who its user is, and prove it";
    default:
      return "the AE title is not known";
  }
}

}  // namespace fermata::dimse
