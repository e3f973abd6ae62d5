#include "refusal.hpp"

namespace fermata::mpps {

Refusal::Refusal(uint16_t status, const std::string& comment, const std::vector<dicom::Tag>& attributes,
                 uint16_t error_id)
    : std::runtime_error(comment), status_(status), error_id_(error_id) {
  for (const auto tag : attributes) attributes_.push_back(tag.value);
}

DimseResponse Refusal::response() const {
  DimseResponse response;
  response.status = status_;
  response.error_comment = what();
  response.attributes = attributes_;
  response.error_id = error_id_;
  return response;
}

}  // namespace fermata::mpps
