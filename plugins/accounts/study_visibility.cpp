#include "study_visibility.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/wildcard.hpp"

namespace fermata::accounts {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kKept{5};
constexpr std::size_t kMostKept = 20'000;
constexpr const char* kLabels = "admin.labels";

struct MatchingKey {
  dicom::Tag tag;
  dicom::Vr vr;
};

/// Modality is the series': a study matches if one of its series does.
MatchingKey key_of(std::string_view attribute) {
  if (attribute == kReferringPhysician) return {dicom::Tag(0x0008, 0x0090), "PN"};
  if (attribute == kInstitution) return {dicom::Tag(0x0008, 0x0080), "LO"};
  return {dicom::kModality, "CS"};
}

/// What a query would take for several UIDs, or for a pattern.
bool names_one(std::string_view uid) {
  return !uid.empty() && uid.size() <= 256 && uid.find_first_of("\\*?") == std::string_view::npos;
}

}  // namespace

bool StudyVisibility::sees(const KnownAccount& account, std::string_view study) {
  if (account->visibility.empty()) return true;
  if (!names_one(study)) return false;
  const auto key = account->name + ' ' + std::string(study);
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    const auto found = decisions_.find(key);
    if (found != decisions_.end() && found->second.account == account && now < found->second.until)
      return found->second.sees;
  }
  const bool sees = decide(*account, study);
  const std::lock_guard lock(mutex_);
  if (decisions_.size() >= kMostKept) decisions_.clear();
  decisions_[key] = {account, sees, now + kKept};
  return sees;
}

bool StudyVisibility::decide(const Account& account, std::string_view study) const {
  const auto& rules = account.visibility;
  return std::all_of(rules.begin(), rules.end(), [&](const auto& rule) { return holds(rule, study); });
}

bool StudyVisibility::holds(const VisibilityRule& rule, std::string_view study) const {
  return rule.attribute == kLabel ? has_label(rule, study) : has_attribute(rule, study);
}

bool StudyVisibility::has_attribute(const VisibilityRule& rule, std::string_view study) const {
  if (archive_ == nullptr) return false;
  const auto key = key_of(rule.attribute);
  return std::any_of(rule.values.begin(), rule.values.end(), [&](const std::string& value) {
    dicom::DataSetWriter identifier;
    identifier.add(key.tag, key.vr, value);
    identifier.add(dicom::kStudyInstanceUid, "UI", study);
    Query query;
    query.identifier = identifier.bytes();
    query.limit = 1;
    std::span<const std::byte> match;
    return archive_->find(query)->next(match);
  });
}

bool StudyVisibility::has_label(const VisibilityRule& rule, std::string_view study) const {
  const auto labels = labels_of(study);
  return std::any_of(rule.values.begin(), rule.values.end(), [&](const auto& value) {
    return std::any_of(labels.begin(), labels.end(),
                       [&](const auto& label) { return dicom::matches_wildcard(value, label); });
  });
}

std::set<std::string> StudyVisibility::labels_of(std::string_view study) const {
  const auto cursor = store_.list(kLabels, study);
  Document document;
  if (!cursor->next(document) || document.id != study) return {};
  try {
    const auto value = json::parse({reinterpret_cast<const char*>(document.content.data()), document.content.size()});
    return json::value_to<std::set<std::string>>(value.at("labels"));
  } catch (const std::exception&) {
    throw Error(Code::corrupt, "the labels of study " + std::string(study) + " can't be read: set them again");
  }
}

}  // namespace fermata::accounts
