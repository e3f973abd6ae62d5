#include "attributes.hpp"

#include <algorithm>
#include <array>

#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::index_rocksdb {
namespace {

using dicom::Element;
using dicom::Tag;

constexpr std::array kStudyAttributes{
    Tag(0x0008, 0x0020),  // Study Date
    Tag(0x0008, 0x0030),  // Study Time
    Tag(0x0008, 0x0050),  // Accession Number
    Tag(0x0008, 0x0051),  // Issuer of Accession Number Sequence
    Tag(0x0008, 0x0080),  // Institution Name
    Tag(0x0008, 0x0081),  // Institution Address
    Tag(0x0008, 0x0090),  // Referring Physician's Name
    Tag(0x0008, 0x0096),  // Referring Physician Identification Sequence
    Tag(0x0008, 0x0201),  // Timezone Offset From UTC
    Tag(0x0008, 0x1030),  // Study Description
    Tag(0x0008, 0x1032),  // Procedure Code Sequence
    Tag(0x0008, 0x1040),  // Institutional Department Name
    Tag(0x0008, 0x1048),  // Physician(s) of Record
    Tag(0x0008, 0x1060),  // Name of Physician(s) Reading Study
    Tag(0x0008, 0x1080),  // Admitting Diagnoses Description
    Tag(0x0010, 0x0010),  // Patient's Name
    Tag(0x0010, 0x0020),  // Patient ID
    Tag(0x0010, 0x0021),  // Issuer of Patient ID
    Tag(0x0010, 0x0022),  // Type of Patient ID
    Tag(0x0010, 0x0024),  // Issuer of Patient ID Qualifiers Sequence
    Tag(0x0010, 0x0030),  // Patient's Birth Date
    Tag(0x0010, 0x0032),  // Patient's Birth Time
    Tag(0x0010, 0x0040),  // Patient's Sex
    Tag(0x0010, 0x1000),  // Other Patient IDs
    Tag(0x0010, 0x1001),  // Other Patient Names
    Tag(0x0010, 0x1002),  // Other Patient IDs Sequence
    Tag(0x0010, 0x1010),  // Patient's Age
    Tag(0x0010, 0x1020),  // Patient's Size
    Tag(0x0010, 0x1030),  // Patient's Weight
    Tag(0x0010, 0x2000),  // Medical Alerts
    Tag(0x0010, 0x2110),  // Allergies
    Tag(0x0010, 0x2160),  // Ethnic Group
    Tag(0x0010, 0x2180),  // Occupation
    Tag(0x0010, 0x2201),  // Patient Species Description
    Tag(0x0010, 0x2292),  // Patient Breed Description
    Tag(0x0010, 0x2297),  // Responsible Person
    Tag(0x0010, 0x2299),  // Responsible Organization
    Tag(0x0010, 0x21b0),  // Additional Patient History
    Tag(0x0010, 0x4000),  // Patient Comments
    Tag(0x0020, 0x0010),  // Study ID
    Tag(0x0032, 0x000a),  // Study Status ID
    Tag(0x0032, 0x000c),  // Study Priority ID
    Tag(0x0032, 0x1032),  // Requesting Physician
    Tag(0x0032, 0x1033),  // Requesting Service
    Tag(0x0032, 0x1060),  // Requested Procedure Description
    Tag(0x0032, 0x4000),  // Study Comments
    Tag(0x0038, 0x0010),  // Admission ID
    Tag(0x4008, 0x0212),  // Interpretation Status ID
};

constexpr std::array kSeriesAttributes{
    Tag(0x0008, 0x0021),  // Series Date
    Tag(0x0008, 0x0031),  // Series Time
    Tag(0x0008, 0x0060),  // Modality
    Tag(0x0008, 0x0070),  // Manufacturer
    Tag(0x0008, 0x1010),  // Station Name
    Tag(0x0008, 0x103e),  // Series Description
    Tag(0x0008, 0x103f),  // Series Description Code Sequence
    Tag(0x0008, 0x1050),  // Performing Physician's Name
    Tag(0x0008, 0x1070),  // Operators' Name
    Tag(0x0008, 0x1090),  // Manufacturer's Model Name
    Tag(0x0008, 0x1111),  // Referenced Performed Procedure Step Sequence
    Tag(0x0018, 0x0015),  // Body Part Examined
    Tag(0x0018, 0x1000),  // Device Serial Number
    Tag(0x0018, 0x1020),  // Software Versions
    Tag(0x0018, 0x1030),  // Protocol Name
    Tag(0x0018, 0x5100),  // Patient Position
    Tag(0x0020, 0x0011),  // Series Number
    Tag(0x0020, 0x0052),  // Frame of Reference UID
    Tag(0x0020, 0x0060),  // Laterality
    Tag(0x0020, 0x1040),  // Position Reference Indicator
    Tag(0x0040, 0x0244),  // Performed Procedure Step Start Date
    Tag(0x0040, 0x0245),  // Performed Procedure Step Start Time
    Tag(0x0040, 0x0253),  // Performed Procedure Step ID
    Tag(0x0040, 0x0254),  // Performed Procedure Step Description
    Tag(0x0040, 0x0260),  // Performed Protocol Code Sequence
    Tag(0x0040, 0x0275),  // Request Attributes Sequence
};

template <std::size_t N>
constexpr std::array<Tag, N> sorted(std::array<Tag, N> tags) {
  std::sort(tags.begin(), tags.end());
  return tags;
}
constexpr auto kStudy = sorted(kStudyAttributes);
constexpr auto kSeries = sorted(kSeriesAttributes);

constexpr Tag kComputedOfStudy[]{dicom::kModalitiesInStudy,
                                 dicom::kSopClassesInStudy,
                                 dicom::kStudyInstanceUid,
                                 dicom::kNumberOfPatientRelatedStudies,
                                 dicom::kNumberOfPatientRelatedSeries,
                                 dicom::kNumberOfPatientRelatedInstances,
                                 dicom::kNumberOfStudyRelatedSeries,
                                 dicom::kNumberOfStudyRelatedInstances};
constexpr Tag kComputedOfSeries[]{dicom::kSeriesInstanceUid, dicom::kNumberOfSeriesRelatedInstances};
constexpr Tag kComputedOfInstance[]{dicom::kSopClassUid, dicom::kSopInstanceUid};

template <class Tags>
bool contains(const Tags& tags, Tag tag) {
  return std::find(std::begin(tags), std::end(tags), tag) != std::end(tags);
}

/// A record holds what people search and list by. A longer value stays in the headers alone.
constexpr std::size_t kMaximumKeptValue = 8 * 1024;

/// Walks several data sets in the order of their tags at once.
class Follower {
 public:
  explicit Follower(dicom::DataSetView data_set) : at_(data_set.begin()) {}
  /// The element with `tag`, if it is there and not blank. Tags must ascend from call to call.
  const Element* find(Tag tag) {
    while (!(at_ == std::default_sentinel) && at_->tag < tag) ++at_;
    const bool found = !(at_ == std::default_sentinel) && at_->tag == tag && !is_blank(*at_) &&
                       at_->value.size() <= kMaximumKeptValue;
    return found ? &*at_ : nullptr;
  }
  std::span<const std::byte> encoded() const { return at_.encoded(); }

 private:
  dicom::DataSetView::Iterator at_;
};

bool same(const Element* a, const Element* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return std::equal(a->value.begin(), a->value.end(), b->value.begin(), b->value.end());
}

}  // namespace

Owner owner_of(Tag tag) {
  if (std::binary_search(kStudy.begin(), kStudy.end(), tag) || contains(kComputedOfStudy, tag)) return Owner::study;
  if (std::binary_search(kSeries.begin(), kSeries.end(), tag) || contains(kComputedOfSeries, tag)) return Owner::series;
  return Owner::instance;
}

bool is_computed(Tag tag) {
  return contains(kComputedOfStudy, tag) || contains(kComputedOfSeries, tag) || contains(kComputedOfInstance, tag);
}

bool is_ignored(Tag tag) {
  return tag.is_group_length() || tag == dicom::kSpecificCharacterSet || tag == dicom::kQueryRetrieveLevel ||
         tag == dicom::kRetrieveAeTitle || tag == dicom::kInstanceAvailability;
}

std::span<const Tag> study_attributes() { return kStudy; }
std::span<const Tag> series_attributes() { return kSeries; }

bool is_blank(const Element& element) {
  if (!element.vr.is_string()) return element.value.empty();
  return element.text().find_first_not_of(' ') == std::string_view::npos;
}

bool fill_blanks(std::vector<std::byte>& kept, dicom::DataSetView header, std::span<const Tag> attributes) {
  const auto lacks = [&] {
    Follower known{dicom::DataSetView(kept)};
    Follower offered(header);
    for (const Tag tag : attributes)
      if (known.find(tag) == nullptr && offered.find(tag) != nullptr) return true;
    return false;
  };
  if (!lacks()) return false;  // nearly always: only the first instance of a series brings something new
  dicom::DataSetWriter merged;
  Follower known{dicom::DataSetView(kept)};
  Follower offered(header);
  for (const Tag tag : attributes) {
    if (known.find(tag) != nullptr)
      merged.add_encoded(known.encoded());
    else if (offered.find(tag) != nullptr)
      merged.add_encoded(offered.encoded());
  }
  kept = merged.take();
  return true;
}

bool follow_replacement(std::vector<std::byte>& kept, dicom::DataSetView old_header, dicom::DataSetView new_header,
                        std::span<const Tag> attributes) {
  bool changed = false;
  dicom::DataSetWriter merged;
  Follower known{dicom::DataSetView(kept)};
  Follower before(old_header);
  Follower after(new_header);
  for (const Tag tag : attributes) {
    const auto* k = known.find(tag);
    const auto* b = before.find(tag);
    const auto* a = after.find(tag);
    if (k == nullptr) continue;
    if (a != nullptr && same(k, b) && !same(b, a)) {
      merged.add_encoded(after.encoded());
      changed = true;
    } else {
      merged.add_encoded(known.encoded());
    }
  }
  if (changed) kept = merged.take();
  return changed;
}

}  // namespace fermata::index_rocksdb
