#include "ingest/ingest.hpp"

#include <string_view>

namespace fermata::archive {
namespace {

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return std::string(text);
}

}  // namespace

OwnedRequest::OwnedRequest(const StoreRequest& r)
    : transfer_syntax_uid(trimmed(r.transfer_syntax_uid)),
      sop_class_uid(trimmed(r.sop_class_uid)),
      sop_instance_uid(trimmed(r.sop_instance_uid)),
      calling_ae_title(trimmed(r.calling_ae_title)),
      called_ae_title(trimmed(r.called_ae_title)),
      peer_address(r.peer_address),
      protocol(r.protocol),
      study_instance_uid(trimmed(r.study_instance_uid)) {}

StoreRequest OwnedRequest::view() const {
  return {transfer_syntax_uid, sop_class_uid, sop_instance_uid, calling_ae_title,
          called_ae_title,     peer_address,  protocol,         study_instance_uid};
}

}  // namespace fermata::archive
