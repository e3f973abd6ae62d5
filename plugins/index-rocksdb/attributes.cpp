#include "attributes.hpp"

#include <algorithm>
#include <iterator>

#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::index_rocksdb {
namespace {

using dicom::Element;
using dicom::Tag;

constexpr Tag kComputed[]{dicom::kSopClassUid,
                          dicom::kSopInstanceUid,
                          dicom::kModalitiesInStudy,
                          dicom::kSopClassesInStudy,
                          dicom::kStudyInstanceUid,
                          dicom::kSeriesInstanceUid,
                          dicom::kNumberOfPatientRelatedStudies,
                          dicom::kNumberOfPatientRelatedSeries,
                          dicom::kNumberOfPatientRelatedInstances,
                          dicom::kNumberOfStudyRelatedSeries,
                          dicom::kNumberOfStudyRelatedInstances,
                          dicom::kNumberOfSeriesRelatedInstances};

std::vector<Tag> without_computed(std::span<const Tag> tags) {
  std::vector<Tag> kept;
  std::copy_if(tags.begin(), tags.end(), std::back_inserter(kept), [](Tag tag) { return !is_computed(tag); });
  std::sort(kept.begin(), kept.end());
  return kept;
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
    const bool found =
        !(at_ == std::default_sentinel) && at_->tag == tag && !is_blank(*at_) && at_->value.size() <= kMaximumKeptValue;
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

bool is_computed(Tag tag) { return std::find(std::begin(kComputed), std::end(kComputed), tag) != std::end(kComputed); }

bool is_ignored(Tag tag) {
  return tag.is_group_length() || tag == dicom::kSpecificCharacterSet || tag == dicom::kQueryRetrieveLevel ||
         tag == dicom::kRetrieveAeTitle || tag == dicom::kInstanceAvailability;
}

std::span<const Tag> kept_attributes(dicom::AttributeLevel level) {
  static const std::vector<Tag> study = without_computed(dicom::study_level_attributes());
  static const std::vector<Tag> series = without_computed(dicom::series_level_attributes());
  return level == dicom::AttributeLevel::study ? study : series;
}

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

bool says_the_same(std::span<const std::byte> kept, dicom::DataSetView header, std::span<const Tag> attributes) {
  Follower known{dicom::DataSetView(kept)};
  Follower said(header);
  return std::all_of(attributes.begin(), attributes.end(),
                     [&](Tag tag) { return same(known.find(tag), said.find(tag)); });
}

}  // namespace fermata::index_rocksdb
