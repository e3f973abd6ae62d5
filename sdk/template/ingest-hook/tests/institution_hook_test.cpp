#include "institution_hook.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/given_object.hpp"
#include "fermata/testing/sample_instance.hpp"

using namespace fermata;
using testing::GivenObject;
using testing::SampleInstance;
using your_plugin::InstitutionHook;

namespace {

constexpr testing::Attribute institution{dicom::Tag(0x0008, 0x0080), "LO"};

GivenObject passed(const InstitutionHook::Rules& rules, const SampleInstance& instance) {
  GivenObject object(instance.record().header);
  InstitutionHook(rules, {}).before_store(object);
  return object;
}

}  // namespace

TEST_CASE("the institution is filled in where there is none") {
  auto instance = SampleInstance("1", "1.1", "1.1.1");
  CHECK(passed({"Clinic", true}, instance).text(institution.tag) == "Clinic");
  CHECK_FALSE(passed({"", true}, instance).edited());
  instance.set(institution, "Elsewhere");
  CHECK(passed({"Clinic", true}, instance).text(institution.tag) == "Elsewhere");
}

TEST_CASE("objects without a Patient ID are refused, if that is the rule") {
  auto instance = SampleInstance("1", "1.1", "1.1.1");
  CHECK_FALSE(passed({"", true}, instance).refusal());
  instance.set(testing::attribute::patient_id, "");
  CHECK(passed({"", true}, instance).refusal() == "objects need a Patient ID here");
  CHECK_FALSE(passed({"", false}, instance).refusal());
}
