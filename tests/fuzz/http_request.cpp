// An HTTP request: its head, and a body in chunks.
#include <array>

#include "chunked_body.hpp"
#include "fermata/error.hpp"
#include "fermata/query_parameters.hpp"
#include "input.hpp"
#include "problem.hpp"
#include "request_head.hpp"

using namespace fermata;

namespace {

void read_chunks(std::span<const std::byte> received) {
  http::ChunkedBody body;
  std::array<std::byte, 100> into;
  std::size_t total = 0;
  const auto all = received.size();
  while (!body.done()) {
    const auto step = body.decode(received, into);
    if (step.consumed == 0 && step.produced == 0) break;
    received = received.subspan(step.consumed);
    total += step.produced;
  }
  fuzz::require(total <= all, "a body is no longer than its chunks");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto length = http::head_length(input.text());
  if (!length) return 0;
  try {
    const auto head = http::parse_request_head(input.text().substr(0, *length));
    static_cast<void>(QueryParameters(head.query).find("limit"));
    if (head.chunked) read_chunks(input.bytes().subspan(*length));
  } catch (const http::Problem&) {
  } catch (const Error&) {
  }
  return 0;
}
