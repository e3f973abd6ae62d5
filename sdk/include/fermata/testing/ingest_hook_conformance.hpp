#pragma once
#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <vector>

#include "fermata/testing/conformance.hpp"
#include "fermata/testing/given_object.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "fermata/testing/threads_and_errors.hpp"

// Does an ingest hook get on with whatever comes in? Each check of kIngestHookChecks takes a hook, whatever its rules.
namespace fermata::testing {
namespace ingest_hook_checks {

namespace a = attribute;

/// Objects as they come in: common ones, and such as the standard allows and nobody expects.
inline std::vector<SampleInstance> objects() {
  std::vector<SampleInstance> list(8, SampleInstance("1.1", "1.1.1", "1.1.1.1"));
  for (const auto attribute : {a::patient_name, a::patient_id, a::birth_date, a::study_date, a::study_time, a::modality,
                               a::instance_number, a::sop_class_uid})
    list[1].erase(attribute);
  for (const auto attribute : {a::patient_name, a::patient_id, a::study_date, a::modality}) list[2].set(attribute, "");
  list[3].set(a::patient_name, "山田^太郎=やまだ^たろう").set(a::study_description, "Schädel, Ω");
  list[4].set(a::private_creator, "ACME").set(a::private_text, "private").set(a::image_type, "DERIVED\\SECONDARY\\\\A");
  SampleDataSet inner;
  inner.set(a::scheduled_step_id, "A");
  SampleDataSet outer;
  outer.set_items(a::request_attributes, {inner, SampleDataSet{}});
  list[5].set_items(a::request_attributes, {outer, inner});
  list[6].set(a::patient_comments, std::string(60'000, 'x')).set(a::study_description, "\x01\x7f * ? ^ = \\ \"");
  list[7].set(a::patient_name, "^^^^").set(a::patient_id, "   4711").set(a::study_date, "yesterday");
  return list;
}

inline StoreRequest request() {
  StoreRequest request;
  request.transfer_syntax_uid = "1.2.840.10008.1.2.1";
  request.calling_ae_title = "SCANNER";
  request.called_ae_title = "FERMATA";
  request.peer_address = "192.0.2.1";
  request.protocol = "dimse";
  return request;
}

inline void objects_are_answered(IngestHook& hook) {
  auto list = objects();
  for (std::size_t i = 0; i < list.size(); ++i)
    for (const auto& from : {request(), StoreRequest{}}) {
      INFO("object " << i << " from [" << from.calling_ae_title << "]");
      GivenObject object(list[i].record().header, from);
      std::string error;
      try {
        hook.before_store(object);
      } catch (const Error& e) {
        error = e.what();
      }
      CHECK(error == "");  // a hook that does not want an object refuses it
    }
}

inline void objects_stay_objects(IngestHook& hook) {
  for (auto& instance : objects()) {
    GivenObject object(instance.record().header, request());
    hook.before_store(object);
    if (object.refusal()) continue;
    dicom::Tag earlier;
    for (const auto& element : dicom::DataSetView(object.header())) {
      CHECK(earlier < element.tag);
      CHECK(element.value.size() % 2 == 0);
      earlier = element.tag;
    }
    for (const auto uid : {dicom::kSopInstanceUid, dicom::kStudyInstanceUid, dicom::kSeriesInstanceUid})
      CHECK(object.text(uid) != "");
  }
}

inline void reasons_can_be_sent(IngestHook& hook) {
  for (auto& instance : objects()) {
    GivenObject object(instance.record().header, request());
    hook.before_store(object);
    if (!object.refusal()) continue;
    const auto& reason = *object.refusal();
    INFO(reason);
    CHECK(reason.size() >= 5);
    CHECK(reason.size() <= 64);  // an Error Comment, PS3.7 C
    CHECK(std::all_of(reason.begin(), reason.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  }
}

inline void many_objects_come_at_once(IngestHook& hook) {
  const auto list = objects();
  in_threads(4, [&](std::size_t) {
    for (int round = 0; round < 25; ++round)
      for (const auto& instance : list) {
        GivenObject object(instance.record().header, request());
        hook.before_store(object);
        hook.after_store(instance.record(), StoreOutcome::Kind::stored);
      }
  });
}

inline void stored_objects_are_taken_note_of(IngestHook& hook) {
  for (auto& instance : objects())
    for (const auto kind : {StoreOutcome::Kind::stored, StoreOutcome::Kind::replaced})
      CHECK_NOTHROW(hook.after_store(instance.record(), kind));
}

inline void nobody_waits_long(IngestHook& hook) {
  const SampleInstance instance("1.1", "1.1.1", "1.1.1.1");
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    GivenObject object(instance.record().header, request());
    hook.before_store(object);
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));  // 50 ms each
}

}  // namespace ingest_hook_checks

inline constexpr Check<IngestHook> kIngestHookChecks[] = {
    {"every object is let through, edited or refused", ingest_hook_checks::objects_are_answered},
    {"what was edited is an object still", ingest_hook_checks::objects_stay_objects},
    {"reasons can be sent to the peer", ingest_hook_checks::reasons_can_be_sent},
    {"many objects come at once", ingest_hook_checks::many_objects_come_at_once},
    {"stored objects are taken note of", ingest_hook_checks::stored_objects_are_taken_note_of},
    {"nobody waits long", ingest_hook_checks::nobody_waits_long},
};

}  // namespace fermata::testing
