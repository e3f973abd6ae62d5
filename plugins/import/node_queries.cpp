#include "node_queries.hpp"

#include <charconv>
#include <chrono>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/error.hpp"

namespace fermata::imports {
namespace {

constexpr std::string_view kFindModel = "1.2.840.10008.5.1.4.1.2.2.1";  // Study Root
constexpr uint16_t kFind = 0x0020;
constexpr std::chrono::minutes kPatience{10};  // a node may look for long

}  // namespace

std::unique_ptr<DimseAssociation> NodeQueries::open() {
  const DimseContext context{kFindModel, {}};
  DimseDestination destination;
  destination.ae_title = node_;
  return client_.open(destination, {&context, 1});
}

void NodeQueries::studies(const std::string& from, const std::string& to,
                          const std::function<void(RemoteStudy)>& take) {
  dicom::DataSetWriter keys;
  const auto dates = from.empty() && to.empty() ? std::string() : from + "-" + to;
  keys.add(dicom::kStudyDate, "DA", dates);
  keys.add(dicom::kQueryRetrieveLevel, "CS", "STUDY");
  keys.add_empty(dicom::kStudyInstanceUid, "UI");
  keys.add_empty(dicom::kNumberOfStudyRelatedInstances, "IS");
  const auto association = open();
  const auto refusal = find(*association, keys.take(), [&](dicom::DataSetView match) {
    RemoteStudy study{std::string(match.text(dicom::kStudyInstanceUid)), 0};
    auto digits = match.text(dicom::kNumberOfStudyRelatedInstances);
    while (!digits.empty() && digits.front() == ' ') digits.remove_prefix(1);
    std::from_chars(digits.data(), digits.data() + digits.size(), study.instances);
    if (!study.study.empty()) take(std::move(study));
  });
  if (!refusal.empty())
    throw Error(Code::refused, node_ + " does not list its studies: " + refusal +
                                   ". If they are too many for it, import them by --from and --to");
}

std::string NodeQueries::find(DimseAssociation& association, const std::vector<std::byte>& keys, const Match& take) {
  node_retrieval::Answers answers(take);
  association.request(request_with(keys, kFind, kFindModel), kPatience, answers);
  return answers.is_success() ? std::string() : answers.text();
}

std::vector<std::string> NodeQueries::series(DimseAssociation& association, const std::string& study) {
  dicom::DataSetWriter keys;
  keys.add(dicom::kQueryRetrieveLevel, "CS", "SERIES");
  keys.add(dicom::kStudyInstanceUid, "UI", study);
  keys.add_empty(dicom::kSeriesInstanceUid, "UI");
  std::vector<std::string> found;
  require_all(find(association, keys.take(), [&](dicom::DataSetView match) {
    if (const auto uid = match.text(dicom::kSeriesInstanceUid); !uid.empty()) found.emplace_back(uid);
  }));
  return found;
}

std::vector<RemoteInstance> NodeQueries::instances(const std::string& study) {
  const auto association = open();
  std::vector<RemoteInstance> all;
  for (const auto& one : series(*association, study)) {
    dicom::DataSetWriter keys;
    keys.add_empty(dicom::kSopClassUid, "UI");
    keys.add_empty(dicom::kSopInstanceUid, "UI");
    keys.add(dicom::kQueryRetrieveLevel, "CS", "IMAGE");
    keys.add(dicom::kStudyInstanceUid, "UI", study);
    keys.add(dicom::kSeriesInstanceUid, "UI", one);
    require_all(find(*association, keys.take(), [&](dicom::DataSetView match) {
      const auto uid = match.text(dicom::kSopInstanceUid);
      if (!uid.empty()) all.push_back({std::string(uid), std::string(match.text(dicom::kSopClassUid))});
    }));
  }
  return all;
}

void NodeQueries::require_all(const std::string& refusal) const {
  if (!refusal.empty()) throw Error(Code::refused, node_ + " does not list what is in a study: " + refusal);
}

}  // namespace fermata::imports
