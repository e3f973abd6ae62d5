#pragma once
#include <string>
#include <string_view>

#include "instance-files/body_writer.hpp"

namespace fermata::dicomweb {

/// A body of several parts (RFC 2387, PS3.18 8.6.1.2). Its boundary is random, so that no part holds it by chance.
///
/// Between two calls of `begin_part`, add the part's bytes to `body`. **Thread**: one at a time. **Errors**: those of
/// instance_files::BodyWriter.
class MultipartWriter {
 public:
  /// Sets the Content-Type. `type` is that of the parts. Nothing is written yet.
  MultipartWriter(HttpResponse& response, std::string_view type);

  /// `content_type` may name a transfer syntax; `location` is the URL of what is in the part, or empty.
  void begin_part(std::string_view content_type, std::string_view location = {});
  instance_files::BodyWriter& body() { return body_; }
  /// After the last part.
  void finish();

 private:
  const std::string boundary_;
  instance_files::BodyWriter body_;
  bool first_ = true;
};

/// `application/dicom; transfer-syntax=1.2.840.10008.1.2.1`
std::string content_type(std::string_view media_type, std::string_view transfer_syntax);

}  // namespace fermata::dicomweb
