#pragma once
#include <catch2/catch.hpp>

#include <memory>
#include <utility>

#include "fermata/testing/blob_store_lasting_checks.hpp"
#include "fermata/testing/blob_store_listing_checks.hpp"
#include "fermata/testing/blob_store_probe.hpp"
#include "fermata/testing/blob_store_writing_checks.hpp"
#include "fermata/testing/conformance.hpp"
#include "fermata/testing/through_boundary.hpp"

// Does a blob store do what fermata/blob_store.hpp says? In a test of its author's:
//
//   class MyStoreSubject : public fermata::testing::BlobStoreSubject { ... };
//   FERMATA_BLOB_STORE_CONFORMANCE("my-store", std::make_unique<MyStoreSubject>())
//
// Each check gets an empty store of its own, once directly and once through the C boundary.
namespace fermata::testing {

using BlobStoreFactory = std::function<std::unique_ptr<BlobStoreSubject>()>;

inline constexpr Check<BlobStoreSubject> kBlobStoreChecks[] = {
    {"a committed blob is read back", blob_store_checks::on_store<blob_store_checks::a_committed_blob_is_read_back>},
    {"appended pieces of any size make one blob",
     blob_store_checks::on_store<blob_store_checks::appended_pieces_of_any_size_make_one_blob>},
    {"a blob without appends is empty",
     blob_store_checks::on_store<blob_store_checks::a_blob_without_appends_is_empty>},
    {"an unfinished blob is not visible",
     blob_store_checks::on_store<blob_store_checks::an_unfinished_blob_is_not_visible>},
    {"a blob without commit has never existed",
     blob_store_checks::on_store<blob_store_checks::a_blob_without_commit_has_never_existed>},
    {"ranges are read", blob_store_checks::on_store<blob_store_checks::ranges_are_read>},
    {"one reader serves many threads", blob_store_checks::on_store<blob_store_checks::one_reader_serves_many_threads>},
    {"a key is committed once", blob_store_checks::on_store<blob_store_checks::a_key_is_committed_once>},
    {"of many writers of one key one wins",
     blob_store_checks::on_store<blob_store_checks::of_many_writers_of_one_key_one_wins>},
    {"writers of many keys work side by side",
     blob_store_checks::on_store<blob_store_checks::writers_of_many_keys_work_side_by_side>},
    {"other keys are invalid", blob_store_checks::on_store<blob_store_checks::other_keys_are_invalid>},
    {"keys are listed in byte order", blob_store_checks::on_store<blob_store_checks::keys_are_listed_in_byte_order>},
    {"listing goes on after any key", blob_store_checks::on_store<blob_store_checks::listing_goes_on_after_any_key>},
    {"a cursor outlives removal of what it lists",
     blob_store_checks::on_store<blob_store_checks::a_cursor_outlives_removal_of_what_it_lists>},
    {"a removed blob is gone at once", blob_store_checks::on_store<blob_store_checks::a_removed_blob_is_gone_at_once>},
    {"what is not there is not found", blob_store_checks::on_store<blob_store_checks::what_is_not_there_is_not_found>},
    {"an open blob stays readable when removed",
     blob_store_checks::on_store<blob_store_checks::an_open_blob_stays_readable_when_removed>},
    {"removing and writing next to each other get on",
     blob_store_checks::on_store<blob_store_checks::removing_and_writing_next_to_each_other_get_on>},
    {"capacity is plausible", blob_store_checks::on_store<blob_store_checks::capacity_is_plausible>},
    {"a full store goes on reading", blob_store_checks::on_store<blob_store_checks::a_full_store_goes_on_reading>},
    {"content survives reopening", blob_store_checks::content_survives_reopening},
    {"a blob is gone if the process dies before commit",
     blob_store_checks::a_blob_is_gone_if_the_process_dies_before_commit},
    {"committed blobs outlive a killed process", blob_store_checks::committed_blobs_outlive_a_killed_process},
    {"removed blobs stay away from a killed process", blob_store_checks::removed_blobs_stay_away_from_a_killed_process},
};

/// Take long and much room: for who asks for them by name.
inline constexpr Check<BlobStoreSubject> kLargeBlobStoreChecks[] = {
    {"a blob may be larger than 4 GiB",
     blob_store_checks::on_store<blob_store_checks::a_blob_may_be_larger_than_4_gib>},
};

/// A blob store under test as another plugin sees it.
class BlobStoreThroughBoundary final : public BlobStoreSubject {
 public:
  explicit BlobStoreThroughBoundary(std::unique_ptr<BlobStoreSubject> inner) : inner_(std::move(inner)) {}
  BlobStore& store() override {
    if (proxy_ == nullptr) proxy_ = through_boundary(inner_->store());
    return *proxy_;
  }
  bool reopen() override {
    proxy_.reset();
    return inner_->reopen();
  }
  bool may_be_killed() const override { return inner_->may_be_killed(); }

 private:
  std::unique_ptr<BlobStoreSubject> inner_;
  std::shared_ptr<BlobStore> proxy_;
};

}  // namespace fermata::testing

/// `make` is an expression that makes a std::unique_ptr<BlobStoreSubject> with an empty store. Those that take long are
/// a test of their own, hidden under the tag [.large].
#define FERMATA_BLOB_STORE_CONFORMANCE(name, make)                                                                \
  TEST_CASE(name " keeps the contract of a blob store") {                                                         \
    fermata::testing::run_checks<fermata::testing::BlobStoreThroughBoundary, fermata::testing::BlobStoreSubject>( \
        fermata::testing::kBlobStoreChecks,                                                                       \
        []() -> std::unique_ptr<fermata::testing::BlobStoreSubject> { return make; });                            \
  }                                                                                                               \
  TEST_CASE(name " keeps large blobs", "[.large]") {                                                              \
    fermata::testing::run_checks<fermata::testing::BlobStoreThroughBoundary, fermata::testing::BlobStoreSubject>( \
        fermata::testing::kLargeBlobStoreChecks,                                                                  \
        []() -> std::unique_ptr<fermata::testing::BlobStoreSubject> { return make; });                            \
  }
