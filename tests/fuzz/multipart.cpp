// A multipart body and its Content-Type: the first line of the input is the type.
#include <algorithm>

#include "fermata/error.hpp"
#include "input.hpp"
#include "media_type.hpp"
#include "store/multipart_reader.hpp"

using namespace fermata;
using namespace fermata::dicomweb;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t piece = std::size_t{input.byte()} + 1;
  const auto text = input.text();
  const auto line = text.find('\n');
  const auto type = MediaType::parse(text.substr(0, line));
  auto body = line == std::string_view::npos ? std::string_view() : text.substr(line + 1);
  try {
    MultipartReader reader(type.parameter("boundary"), [&](std::span<std::byte> into) -> uint64_t {
      const auto count = std::min({piece, into.size(), body.size()});
      std::copy_n(body.data(), count, reinterpret_cast<char*>(into.data()));
      body.remove_prefix(count);
      return count;
    });
    std::size_t total = 0;
    while (reader.next()) {
      static_cast<void>(MediaType::parse(reader.header("content-type")));
      for (auto bytes = reader.read(); !bytes.empty(); bytes = reader.read()) total += bytes.size();
    }
    fuzz::require(total <= text.size(), "parts are no longer than their body");
  } catch (const Error&) {
  }
  return 0;
}
