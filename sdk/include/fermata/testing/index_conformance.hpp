#pragma once
#include <catch2/catch.hpp>

#include <memory>
#include <utility>

#include "fermata/testing/conformance.hpp"
#include "fermata/testing/index_killed_checks.hpp"
#include "fermata/testing/index_lasting_checks.hpp"
#include "fermata/testing/index_probe.hpp"
#include "fermata/testing/index_querying_checks.hpp"
#include "fermata/testing/index_storing_checks.hpp"
#include "fermata/testing/through_boundary.hpp"

// Does an index do what fermata/index.hpp says? In a test of its author's (link fermata::sdk-matching):
//
//   class MyIndexSubject : public fermata::testing::IndexSubject { ... };
//   FERMATA_INDEX_CONFORMANCE("my-index", std::make_unique<MyIndexSubject>())
//
// Each check gets an empty index of its own, once directly and once through the C boundary.
namespace fermata::testing {

inline constexpr Check<IndexSubject> kIndexChecks[] = {
    {"an empty index is empty", index_checks::empty_index},
    {"a record comes back as it was stored", index_checks::record_as_stored},
    {"nothing is visible before commit", index_checks::nothing_before_commit},
    {"the steps of one transaction add up", index_checks::steps_of_one_transaction},
    {"storing the same again changes nothing", index_checks::storing_twice},
    {"a replacement takes the place of what it replaces", index_checks::replacing},
    {"the last instance takes its series and study with it", index_checks::removing},
    {"wrong records are refused", index_checks::wrong_records},
    {"instances come by study, series, number and UID", index_checks::order_of_instances},
    {"selections", index_checks::selections},
    {"clear forgets everything but the sequence of changes", index_checks::clearing},
    {"attribute matching", index_checks::matching},
    {"dates with times", index_checks::dates_with_times},
    {"each level has one answer for each entity", index_checks::one_answer_for_each_entity},
    {"keys of every level at every level", index_checks::keys_of_every_level},
    {"keys of lower levels are met by the same series and image", index_checks::lower_keys_are_met_together},
    {"counts and sets", index_checks::counts_and_sets},
    {"answers hold exactly what was asked for", index_checks::exactly_what_was_asked_for},
    {"sequences", index_checks::sequences},
    {"a study's attributes are its first instance's", index_checks::attributes_of_a_study},
    {"two people under one Patient ID are two", index_checks::two_people_under_one_id},
    {"newest first, in pages", index_checks::pages},
    {"by date and by name, forwards and backwards", index_checks::orders},
    {"wrong queries are refused", index_checks::wrong_queries},
    {"changes have no gaps", index_checks::change_feed},
    {"who follows the changes misses none", index_checks::changes_followed_while_threads_write},
    {"cursors stay as they began", index_checks::cursors_stay_as_they_began},
    {"threads on different studies", index_checks::threads_on_different_studies},
    {"threads on one study", index_checks::threads_on_one_study},
    {"one transaction of a study at a time", index_checks::one_transaction_of_a_study_at_a_time},
    {"readers see whole transactions", index_checks::readers_see_whole_transactions},
    {"one UID in two studies at once", index_checks::one_uid_in_two_studies_at_once},
    {"one UID in two open transactions", index_checks::one_uid_in_two_open_transactions},
    {"opened again", index_checks::opened_again},
    {"commits outlive a killed process", index_checks::commits_outlive_a_killed_process},
    {"an open transaction is gone with its process", index_checks::open_transaction_of_a_killed_process},
};

/// An index under test as another plugin sees it.
class IndexThroughBoundary final : public IndexSubject {
 public:
  explicit IndexThroughBoundary(std::unique_ptr<IndexSubject> inner) : inner_(std::move(inner)) {}
  Index& index() override {
    if (proxy_ == nullptr) proxy_ = through_boundary(inner_->index());
    return *proxy_;
  }
  bool reopen() override {
    proxy_.reset();
    return inner_->reopen();
  }
  bool may_be_killed() const override { return inner_->may_be_killed(); }

 private:
  std::unique_ptr<IndexSubject> inner_;
  std::shared_ptr<Index> proxy_;
};

}  // namespace fermata::testing

/// `make` is an expression that makes a std::unique_ptr<IndexSubject> with an empty index.
#define FERMATA_INDEX_CONFORMANCE(name, make)                                                                      \
  TEST_CASE(name " keeps the contract of an index") {                                                              \
    fermata::testing::run_checks<fermata::testing::IndexThroughBoundary, fermata::testing::IndexSubject>(          \
        fermata::testing::kIndexChecks, []() -> std::unique_ptr<fermata::testing::IndexSubject> { return make; }); \
  }
