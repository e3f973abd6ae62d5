#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fermata/application_entities.hpp"
#include "service.hpp"

namespace fermata::dimse {

/// Objects of this SOP Class belong to a patient's study and can be stored: all that DICOM defines or has retired, and
/// those that it will define (they share a prefix), but not the queries and the objects without a patient among them.
bool is_standard_storage(std::string_view sop_class_uid);
/// Not defined by DICOM.
bool is_private(std::string_view uid);
/// The retrieve (C-GET) classes of Query/Retrieve: with them, the peer receives on Storage contexts.
bool is_get(std::string_view sop_class_uid);
/// For people: "CT Image Storage"; the UID itself if it has no name.
std::string sop_class_name(std::string_view sop_class_uid);

/// One SOP Class that this Application Entity serves.
struct SopClass {
  Service* service = nullptr;
  Rights rights = 0;  ///< all of these are needed
  bool storage = false;
};

/// Which SOP Classes are served, by whom, and what a caller must be allowed.
///
/// *Used by* the negotiation and the dispatcher. **Thread**: filled before the first association, then read by any.
/// **Ownership**: the services belong to others.
class SopClasses {
 public:
  explicit SopClasses(bool accept_unknown_storage) : accept_unknown_storage_(accept_unknown_storage) {}

  /// Error conflict if somebody else has the SOP Class.
  void add(std::string_view sop_class_uid, Rights rights, Service& service);
  void set_storage(Service& service) { storage_ = &service; }
  std::optional<SopClass> find(std::string_view sop_class_uid) const;

 private:
  bool accept_unknown_storage_;
  Service* storage_ = nullptr;
  std::map<std::string, SopClass, std::less<>> classes_;
};

}  // namespace fermata::dimse
