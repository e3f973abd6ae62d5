#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "waiting_stream.hpp"

namespace fermata::http {

/// Keeps what an answer would send.
class KeptSink final : public Sink {
 public:
  void write(std::span<const Bytes> pieces) override {
    std::size_t size = 0;
    for (const auto& piece : pieces) {
      text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      size += piece.size();
    }
    writes.push_back(size);
  }
  std::string text;
  std::vector<std::size_t> writes;
};

/// An answer as a client reads it: status, fields by lower-case name, the body out of its chunks.
struct Answer {
  int status = 0;
  std::map<std::string, std::string> fields;
  std::string body;
  bool complete = false;  ///< as far as Content-Length or chunks tell
  std::string rest;       ///< what follows it

  explicit Answer(const std::string& text, bool head_only = false);
};

}  // namespace fermata::http
