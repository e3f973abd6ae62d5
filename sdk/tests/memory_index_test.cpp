#include "fermata/testing/memory_index.hpp"

#include "fermata/testing/index_conformance.hpp"

namespace {

class MemoryIndexSubject final : public fermata::testing::IndexSubject {
 public:
  fermata::Index& index() override { return index_; }

 private:
  fermata::testing::MemoryIndex index_;
};

}  // namespace

FERMATA_INDEX_CONFORMANCE("the index in memory", std::make_unique<MemoryIndexSubject>())
