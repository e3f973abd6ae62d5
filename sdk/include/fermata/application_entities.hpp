#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/application_entities.h"

namespace fermata {

/// What an Application Entity may ask of this archive; a set of bits.
using Rights = uint32_t;
inline constexpr Rights kMayEcho = FERMATA_MAY_ECHO;
inline constexpr Rights kMayStore = FERMATA_MAY_STORE;
inline constexpr Rights kMayQuery = FERMATA_MAY_QUERY;
inline constexpr Rights kMayRetrieve = FERMATA_MAY_RETRIEVE;
inline constexpr Rights kMayEverything = kMayEcho | kMayStore | kMayQuery | kMayRetrieve;

/// A DICOM node. Views are borrowed: for the call of `put`, or until the cursor's next call.
struct ApplicationEntity {
  std::string_view ae_title;  ///< 1 to 16 characters, case counts (PS3.5 6.2, VR AE)
  std::string_view host;      ///< name or address; empty: it connects to us, but can't be reached
  uint16_t port = 104;
  Rights rights = 0;
  bool tls = false;          ///< connect to it with TLS, and refuse it without
  bool any_address = false;  ///< accept its AE title from every address, not only from `host`
  std::string_view description;
  std::span<const std::string_view> preferred_transfer_syntaxes;  ///< for what is sent to it, best first
  /// "configuration" (YAML), "administrator" (state store), "caller" (made up for a caller), "discovered" (announced)
  std::string_view origin;
  /// When it was admitted last, since 1970-01-01 UTC; 0: not since the program started. `put` does not look at it.
  int64_t last_seen_us = 0;
  /// Of its TLS, which it implies: SHA-256 fingerprint in hexadecimal, colons or not, or subject as RFC 2253 writes it.
  /// Empty: any that is trusted.
  std::string_view certificate{};
  bool user_required = false;  ///< refuse it unless it says who its user is, and that is so (PS3.7 D.3.3.7)
};

class ApplicationEntityCursor {
 public:
  virtual ~ApplicationEntityCursor() = default;
  virtual bool next(ApplicationEntity& entity) = 0;
};

/// Who is at the other end of an association that wants in.
struct Caller {
  std::string_view calling_ae_title;
  std::string_view called_ae_title;
  std::string_view address;  ///< numeric, IPv4 or IPv6
  bool tls = false;
  std::string_view certificate_subject{};      ///< as RFC 2253 writes it, if it has shown one that is trusted
  std::string_view certificate_fingerprint{};  ///< SHA-256, 64 lower-case hexadecimal digits
  std::string_view user{};                     ///< who was identified; empty: nobody
};

struct Admission {
  enum class Verdict : uint32_t {
    admitted = FERMATA_ADMITTED,
    unknown_ae_title = FERMATA_UNKNOWN_AE_TITLE,
    wrong_address = FERMATA_WRONG_ADDRESS,
    tls_required = FERMATA_TLS_REQUIRED,
    certificate_required = FERMATA_CERTIFICATE_REQUIRED,  ///< it shows none, or another than the node has
    user_required = FERMATA_USER_REQUIRED,
  };
  Verdict verdict = Verdict::unknown_ae_title;
  Rights rights = 0;  ///< also for those not admitted: unknown callers may echo, unless configured otherwise
};

/// Somebody who was turned away: what an administrator needs to let them in.
struct RefusedCaller {
  std::string_view calling_ae_title;
  std::string_view called_ae_title;
  std::string_view address;
  std::string_view wanted;  ///< for people: "store CT Image Storage; query"
  std::string_view reason;
  int64_t first_us = 0;
  int64_t last_us = 0;
  uint64_t times = 0;
};

class RefusedCallerCursor {
 public:
  virtual ~RefusedCallerCursor() = default;
  virtual bool next(RefusedCaller& caller) = 0;
};

/// Knows the DICOM nodes: who may do what, where they are reached, and who was refused.
///
/// *Provided by* application-entities; *used by* protocol plugins and the administration.
/// **Thread**: all functions from any thread; `admit` and `remember_refused` are quick and never wait for the disk.
/// **Errors**: invalid (names the field), conflict (the node comes from the configuration file), not_found.
class ApplicationEntities {
 public:
  static constexpr const char* kId = FERMATA_APPLICATION_ENTITIES_ID;
  virtual ~ApplicationEntities() = default;
  virtual Admission admit(const Caller& caller) = 0;
  /// Where to reach this AE title: none or one. A trusted caller that names itself is found at its own address.
  virtual std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view ae_title, const Caller& caller) = 0;
  /// All nodes, by AE title.
  virtual std::unique_ptr<ApplicationEntityCursor> list() = 0;
  /// Adds or changes a node that an administrator keeps. Error conflict if the configuration file has that title.
  virtual void put(const ApplicationEntity& entity) = 0;
  virtual void remove(std::string_view ae_title) = 0;
  virtual void remember_refused(const Caller& caller, std::string_view wanted, std::string_view reason) = 0;
  /// Latest first.
  virtual std::unique_ptr<RefusedCallerCursor> refused() = 0;
  virtual void forget_refused(std::string_view calling_ae_title, std::string_view address) = 0;
};

}  // namespace fermata

#include "fermata/bridge/application_entities.hpp"  // IWYU pragma: export
