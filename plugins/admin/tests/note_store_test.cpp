#include "studies/note_store.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/memory_state_store.hpp"
#include "scene.hpp"
#include "studies/kept_notes.hpp"

namespace fermata::admin {
namespace {

using fermata::testing::MemoryStateStore;
using testing::code_of;
using Texts = std::vector<std::string>;
using Notes = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("a note is kept for each origin, and a new one stands in place of the old one") {
  MemoryStateStore store;
  NoteStore(store).put("1.2", "Horos", "one");
  NoteStore notes(store);
  notes.put("1.2", "Ärzte", "two\nlines");
  notes.put("1.2", "Horos", "three");
  CHECK(notes.of("1.2") == Notes{{"Horos", "three"}, {"Ärzte", "two\nlines"}});
  CHECK(notes.of("1").empty());
  CHECK(notes.of("1.2.3").empty());
  notes.put("1.2", "Horos", "");
  CHECK(notes.of("1.2") == Notes{{"Ärzte", "two\nlines"}});
  notes.put("1.2", "Ärzte", "");
  CHECK(notes.of("1.2").empty());
  notes.put("1.2", "Ärzte", "");
}

TEST_CASE("a note that is too long is refused, and the one before stays") {
  MemoryStateStore store;
  NoteStore notes(store);
  notes.put("1.2", "Horos", std::string(NoteStore::kLongest, 'x'));
  CHECK(code_of([&] { notes.put("1.2", "Horos", std::string(NoteStore::kLongest + 1, 'x')); }) == Code::invalid);
  CHECK(notes.of("1.2").at("Horos").size() == NoteStore::kLongest);
  CHECK(code_of([&] { notes.put("", "Horos", "x"); }) == Code::invalid);
  CHECK(code_of([&] { notes.put("1.2", "", "x"); }) == Code::invalid);
}

TEST_CASE("other plugins put labels beside those that people have put") {
  MemoryStateStore store;
  LabelStore labels(store);
  NoteStore notes(store);
  KeptNotes kept(labels, notes);
  labels.set("1.2", {"teaching"});
  const std::vector<std::string_view> more{"locked", "teaching", " status: validated "};
  kept.add_labels("1.2", more);
  CHECK(LabelStore(store).of("1.2") == Texts{"locked", "status: validated", "teaching"});
  std::vector<std::string> many;
  for (int i = 0; i < 30; ++i) many.push_back("label " + std::to_string(i));
  kept.add_labels("1.2", std::vector<std::string_view>(many.begin(), many.end()));
  CHECK(labels.of("1.2").size() == LabelStore::kMost);
  CHECK(labels.studies("locked") == Texts{"1.2"});
  kept.put_note("1.2", "Horos", "text");
  CHECK(notes.of("1.2") == Notes{{"Horos", "text"}});
}

}  // namespace fermata::admin
