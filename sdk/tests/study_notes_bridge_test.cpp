#include <catch2/catch.hpp>

#include <array>
#include <string>

#include "fermata/study_notes.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

class KeptNotes final : public StudyNotes {
 public:
  void add_labels(std::string_view study, std::span<const std::string_view> labels) override {
    seen = std::string(study);
    for (const auto label : labels) seen += " [" + std::string(label) + "]";
  }
  void put_note(std::string_view study, std::string_view origin, std::string_view text) override {
    if (text.size() > 20) throw Error(Code::invalid, "too long");
    seen = std::string(study) + " " + std::string(origin) + ": " + std::string(text);
  }
  std::string seen;
};

}  // namespace

TEST_CASE("labels and notes of studies cross the boundary") {
  KeptNotes notes;
  const auto remote = through_boundary<StudyNotes>(notes);
  const std::array<std::string_view, 2> labels{"teaching", "Lehre äöü"};
  remote->add_labels("1.2.3", labels);
  CHECK(notes.seen == "1.2.3 [teaching] [Lehre äöü]");
  remote->add_labels("1.2.4", {});
  CHECK(notes.seen == "1.2.4");
  remote->put_note("1.2.3", "Horos", "two\nlines");
  CHECK(notes.seen == "1.2.3 Horos: two\nlines");
  CHECK(code_of([&] { remote->put_note("1.2.3", "Horos", "a text of more than 20"); }) == Code::invalid);
}
