#pragma once
#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include "sources/source.hpp"

namespace fermata::imports {

/// Several sources one after the other. A position is the number of the source, ":" and the position in it.
class ChainedSource final : public Source {
 public:
  explicit ChainedSource(std::vector<std::unique_ptr<Source>> sources) : sources_(std::move(sources)) {}

  void go_on_after(std::string_view position) override {
    const auto colon = position.find(':');
    at_ = 0;
    std::from_chars(position.data(), position.data() + std::min(colon, position.size()), at_);
    for (std::size_t i = at_; i < sources_.size(); ++i)
      sources_[i]->go_on_after(i == at_ && colon != std::string_view::npos ? position.substr(colon + 1)
                                                                           : std::string_view());
  }
  bool next(Entry& entry) override {
    for (; at_ < sources_.size(); ++at_) {
      if (!sources_[at_]->next(entry)) continue;
      entry.position = std::to_string(at_) + ":" + entry.position;
      return true;
    }
    return false;
  }
  uint64_t count(const std::function<bool()>& stop) override {
    uint64_t number = 0;
    for (const auto& source : sources_) number += source->count(stop);
    return number;
  }

 private:
  const std::vector<std::unique_ptr<Source>> sources_;
  std::size_t at_ = 0;
};

}  // namespace fermata::imports
