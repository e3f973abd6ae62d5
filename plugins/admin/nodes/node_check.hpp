#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fermata/dimse_client.hpp"

namespace fermata::admin {

/// What came of asking a node for something.
struct CheckResult {
  enum class Outcome : uint8_t { ok, not_offered, failed };
  Outcome outcome = Outcome::failed;
  std::string message;  ///< why it failed
  uint16_t status = 0;  ///< of the last response; 0: success, or none came
};

/// A small image of a patient "FERMATA^TEST" (Secondary Capture), new each time.
struct TestImage {
  TestImage();
  std::string study;
  std::string instance;
  std::vector<std::byte> data_set;
};

/// Asks a node for a study that does not exist (C-FIND, Study Root). **Errors**: none, they are the result.
CheckResult check_query(DimseClient& client, const std::string& ae_title);
/// Sends it the image (C-STORE).
CheckResult check_send(DimseClient& client, const std::string& ae_title, const TestImage& image);
/// Asks it to send the image to `destination`, an AE title (C-MOVE).
CheckResult check_move(DimseClient& client, const std::string& ae_title, const TestImage& image,
                       const std::string& destination);
/// Fetches the image from it into this archive (C-GET).
CheckResult check_get(DimseClient& client, const std::string& ae_title, const TestImage& image);

}  // namespace fermata::admin
