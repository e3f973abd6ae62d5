#include "answers.hpp"

#include <charconv>

namespace fermata::node_retrieval {
namespace {

bool is_pending(uint16_t status) { return status == 0xff00 || status == 0xff01; }

}  // namespace

bool Answers::take(const DimseResponse& response) {
  if (is_pending(response.status)) {
    if (response.has_data_set) match_(dicom::DataSetView(response.data_set));
  } else {
    status_ = response.status;
    comment_ = response.error_comment;
  }
  return true;
}

std::string Answers::text() const {
  char digits[8];
  const auto* const end = std::to_chars(digits, digits + sizeof digits, status_, 16).ptr;
  return "status 0x" + std::string(static_cast<const char*>(digits), end) + (comment_.empty() ? "" : ", " + comment_);
}

}  // namespace fermata::node_retrieval
