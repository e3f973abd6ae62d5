#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "transport.hpp"

namespace fermata::http {

/// Whether an answer of this media type gets smaller: text, JSON, XML, scripts. Images and DICOM objects don't.
bool is_compressible(std::string_view content_type);

/// Compresses what passes through (RFC 1952). **Thread**: one at a time. **Errors**: Error out_of_memory.
class Gzip {
 public:
  Gzip();
  ~Gzip();

  void add(Bytes data, std::vector<std::byte>& out);
  void flush(std::vector<std::byte>& out);  ///< so that what was added can be read
  void finish(std::vector<std::byte>& out);

 private:
  void run(int how, std::vector<std::byte>& out);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fermata::http
