#pragma once
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "query-retrieve/information_model.hpp"
#include "service.hpp"

namespace fermata::dimse {

/// A request that is answered with a failure: the status, and what PS3.4 C.4 wants beside it.
class RequestRefused : public std::runtime_error {
 public:
  RequestRefused(uint16_t status, const std::string& comment, std::vector<uint32_t> offending = {})
      : std::runtime_error(comment), status_(status), offending_(std::move(offending)) {}
  uint16_t status() const { return status_; }
  const std::vector<uint32_t>& offending_elements() const { return offending_; }

 private:
  uint16_t status_;
  std::vector<uint32_t> offending_;
};

/// A C-FIND, C-GET or C-MOVE request, read and understood as far as all three have it in common (PS3.4 C.4.1.1,
/// C.4.2.1).
///
/// **Thread**: a value. **Ownership**: owns the identifier. **Errors**: `read` throws RequestRefused: 0xA900 for an
/// identifier that does not fit the SOP Class, 0x0211 for another command.
struct QueryRetrieveRequest {
  const InformationModel* model = nullptr;
  Level level = Level::study;
  std::vector<std::byte> identifier;  ///< canonical
  bool combined_date_time = false;

  static QueryRetrieveRequest read(Session& session, const Message& message);

  /// The values of a key, without padding and without empty ones.
  std::vector<std::string> values(dicom::Tag key) const;
};

/// The failure response to a refused request.
CommandSet refusal(const CommandSet& request, const RequestRefused& why);

}  // namespace fermata::dimse
