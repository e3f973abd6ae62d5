#include "audit_message.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "event_filter.hpp"
#include "fermata/dicom/json_text.hpp"

namespace fermata::audit_trail {
namespace {

constexpr std::string_view kDcm = "DCM";

struct CodedValue {
  std::string_view code;
  std::string_view meaning;
};

constexpr CodedValue kSource{"110153", "Source Role ID"};
constexpr CodedValue kDestination{"110152", "Destination Role ID"};
constexpr CodedValue kDestinationMedia{"110154", "Destination Media"};
constexpr CodedValue kNone{};

/// What an action is in the terms of PS3.15 A.5.3 and PS3.16 CID 400 and 401.
struct Mapping {
  std::string_view action;
  CodedValue event;
  CodedValue type;
  char action_code;  ///< Create, Read, Update, Delete, Execute
};

constexpr CodedValue kAccessed{"110103", "DICOM Instances Accessed"};
constexpr CodedValue kTransferred{"110104", "DICOM Instances Transferred"};
constexpr CodedValue kAlert{"110113", "Security Alert"};
constexpr CodedValue kAuthentication{"110114", "User Authentication"};

constexpr std::array kMappings{
    Mapping{audit::kStudyStored, kTransferred, kNone, 'C'},
    Mapping{audit::kStudyRead, kAccessed, kNone, 'R'},
    Mapping{audit::kStudySent, kTransferred, kNone, 'R'},
    Mapping{audit::kStudyExported, {"110106", "Export"}, kNone, 'R'},
    Mapping{audit::kStudyDiscarded, kAccessed, kNone, 'D'},
    Mapping{audit::kStudyRestored, kAccessed, kNone, 'U'},
    Mapping{audit::kStudyDeleted, {"110105", "DICOM Study Deleted"}, kNone, 'D'},
    Mapping{audit::kStudyChanged, kAccessed, kNone, 'U'},
    Mapping{audit::kQuery, {"110112", "Query"}, kNone, 'E'},
    Mapping{audit::kLogin, kAuthentication, {"110122", "Login"}, 'E'},
    Mapping{audit::kLogout, kAuthentication, {"110123", "Logout"}, 'E'},
    Mapping{audit::kUserChanged, kAlert, {"110137", "User Security Attributes Changed"}, 'E'},
    Mapping{audit::kNodeChanged, kAlert, {"110128", "Network Configuration"}, 'E'},
    Mapping{audit::kMaintained, kAlert, {"110131", "Software Configuration"}, 'E'},
    Mapping{kTrailRead, {"110101", "Audit Log Used"}, kNone, 'R'},
};

void append_escaped(std::string& to, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        to += "&amp;";
        break;
      case '<':
        to += "&lt;";
        break;
      case '>':
        to += "&gt;";
        break;
      case '"':
        to += "&quot;";
        break;
      default:
        to += c;
    }
  }
}

/// Writes elements and attributes one after the other.
class Xml {
 public:
  Xml& open(std::string_view name) {
    (text_ += '<') += name;
    return *this;
  }
  Xml& attribute(std::string_view name, std::string_view value) {
    ((text_ += ' ') += name) += "=\"";
    append_escaped(text_, value);
    text_ += '"';
    return *this;
  }
  Xml& content() {
    text_ += '>';
    return *this;
  }
  Xml& text(std::string_view value) {
    append_escaped(text_, value);
    return *this;
  }
  void close() { text_ += "/>"; }
  void close(std::string_view name) { ((text_ += "</") += name) += '>'; }
  void coded(std::string_view name, CodedValue value, std::string_view system = kDcm) {
    open(name).attribute("csd-code", value.code).attribute("codeSystemName", system);
    attribute("originalText", value.meaning).close();
  }
  void element(std::string_view name, std::string_view value) {
    open(name).content().text(value);
    close(name);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

class Message {
 public:
  Message(const RecordedEvent& event, const AuditSource& source) : event_(event), source_(source) {
    const auto found = std::find_if(kMappings.begin(), kMappings.end(),
                                    [&](const Mapping& mapping) { return mapping.action == event.action; });
    if (found != kMappings.end()) mapping_ = &*found;
  }

  std::string write() {
    xml_.open("AuditMessage").content();
    identification();
    participants();
    xml_.open("AuditSourceIdentification").attribute("AuditSourceID", source_.id).content();
    xml_.open("AuditSourceTypeCode").attribute("csd-code", "4");  // application server process (PS3.15 A.5.2.4)
    xml_.attribute("codeSystemName", kDcm).attribute("originalText", "Application Server").close();
    xml_.close("AuditSourceIdentification");
    object();
    patient();
    xml_.close("AuditMessage");
    return R"(<?xml version="1.0" encoding="UTF-8"?>)" + xml_.take();
  }

 private:
  bool is(std::string_view action) const { return event_.action == action; }

  void identification() {
    const char code[] = {mapping_ != nullptr ? mapping_->action_code : 'E', '\0'};
    xml_.open("EventIdentification").attribute("EventActionCode", code);
    xml_.attribute("EventDateTime", moment_text_with_fraction(event_.time_us));
    xml_.attribute("EventOutcomeIndicator", std::to_string(static_cast<uint32_t>(event_.outcome))).content();
    if (mapping_ != nullptr)
      xml_.coded("EventID", mapping_->event);
    else
      xml_.coded("EventID", {event_.action, event_.action}, "Fermata");
    if (mapping_ != nullptr && !mapping_->type.code.empty()) xml_.coded("EventTypeCode", mapping_->type);
    if (event_.outcome != AuditEvent::Outcome::success && !event_.detail.empty())
      xml_.element("EventOutcomeDescription", event_.detail);
    xml_.close("EventIdentification");
  }

  /// Who asked for it comes first, then the archive, then where it went.
  void participants() {
    if (is(audit::kStudySent)) {
      const auto destination = sent_to();
      const bool to_caller = destination.empty();
      person(to_caller ? kDestination : kNone);
      archive(kSource);
      if (!to_caller) participant(destination, false, kDestination, "", "");
    } else if (is(audit::kStudyExported)) {
      person(kSource);
      participant(event_.address.empty() ? "file" : event_.address, false, kDestinationMedia, "", "");
    } else if (is(audit::kStudyStored) || is(audit::kQuery)) {
      person(kSource);
      archive(kDestination);
    } else {
      person(kNone);
      archive(kNone);
    }
  }

  void person(CodedValue role) { participant(event_.user, true, role, event_.address, "2"); }
  void archive(CodedValue role) { participant(source_.id, false, role, source_.host, "1"); }
  void participant(std::string_view id, bool requestor, CodedValue role, std::string_view access_point,
                   std::string_view access_point_type) {
    xml_.open("ActiveParticipant").attribute("UserID", id.empty() ? "unknown" : id);
    xml_.attribute("UserIsRequestor", requestor ? "true" : "false");
    if (!access_point.empty())
      xml_.attribute("NetworkAccessPointID", access_point).attribute("NetworkAccessPointTypeCode", access_point_type);
    if (role.code.empty()) return xml_.close();
    xml_.content();
    xml_.coded("RoleIDCode", role);
    xml_.close("ActiveParticipant");
  }

  /// The detail of what was sent to a third party begins with "to" and its AE title.
  std::string sent_to() const {
    constexpr std::string_view kTo = "to ";
    if (!event_.detail.starts_with(kTo)) return {};
    const auto rest = std::string_view(event_.detail).substr(kTo.size());
    return std::string(rest.substr(0, rest.find(',')));
  }

  void object() {
    if (is(audit::kQuery)) return query();
    if (event_.object.empty()) return;
    if (event_.is_about_study())
      begin_object(event_.object, "2", "3", {"110180", "Study Instance UID"}, kDcm);
    else if (event_.action.starts_with("user."))
      begin_object(event_.object, "1", "11", {"11", "User Identifier"}, "RFC-3881");
    else
      begin_object(event_.object, "2", "13", {"110182", "Node ID"}, kDcm);
    if (!event_.detail.empty()) xml_.element("ParticipantObjectDescription", event_.detail);
    xml_.close("ParticipantObjectIdentification");
  }

  void query() {
    begin_object(event_.object.empty() ? "query" : event_.object, "2", "24", {"10", "Search Criteria"}, "RFC-3881");
    std::string encoded;
    dicom::json::append_base64(encoded, std::as_bytes(std::span(event_.detail)));
    xml_.element("ParticipantObjectQuery", encoded);
    xml_.close("ParticipantObjectIdentification");
  }

  void patient() {
    if (event_.patient_id.empty()) return;
    begin_object(event_.patient_id, "1", "1", {"2", "Patient Number"}, "RFC-3881");
    xml_.close("ParticipantObjectIdentification");
  }

  void begin_object(std::string_view id, std::string_view type, std::string_view role, CodedValue id_type,
                    std::string_view system) {
    xml_.open("ParticipantObjectIdentification").attribute("ParticipantObjectID", id);
    xml_.attribute("ParticipantObjectTypeCode", type).attribute("ParticipantObjectTypeCodeRole", role).content();
    xml_.coded("ParticipantObjectIDTypeCode", id_type, system);
  }

  const RecordedEvent& event_;
  const AuditSource& source_;
  const Mapping* mapping_ = nullptr;
  Xml xml_;
};

}  // namespace

std::string audit_message(const RecordedEvent& event, const AuditSource& source) {
  return Message(event, source).write();
}

}  // namespace fermata::audit_trail
