#include "fermata/testing/index_conformance.hpp"
#include "fermata/testing/state_store_conformance.hpp"
#include "opened_index.hpp"
#include "opened_renewal.hpp"

namespace fermata::index_rocksdb {
namespace {

class IndexUnderTest final : public testing::IndexSubject {
 public:
  Index& index() override { return *opened_.index; }
  bool reopen() override {
    opened_.reopen();
    return true;
  }

 private:
  OpenedIndex opened_;
};

class CurrentIndexUnderTest final : public testing::IndexSubject {
 public:
  Index& index() override { return opened_->index; }
  bool reopen() override {
    opened_.reopen();
    return true;
  }

 private:
  OpenedRenewal opened_;
};

class StateStoreUnderTest final : public testing::StateStoreSubject {
 public:
  StateStore& store() override { return *opened_.store; }
  bool reopen() override {
    opened_.reopen();
    return true;
  }

 private:
  OpenedIndex opened_;
};

}  // namespace

FERMATA_INDEX_CONFORMANCE("index-rocksdb", std::make_unique<IndexUnderTest>())
FERMATA_INDEX_CONFORMANCE("index-rocksdb, exchangeable", std::make_unique<CurrentIndexUnderTest>())
FERMATA_STATE_STORE_CONFORMANCE("index-rocksdb", std::make_unique<StateStoreUnderTest>())

}  // namespace fermata::index_rocksdb
