#include "retrieve/representative.hpp"

#include <charconv>

#include "fermata/dicom/data_set_view.hpp"
#include "retrieve/frame_retrieval.hpp"

namespace fermata::dicomweb {
namespace {

constexpr dicom::Tag kNumberOfFrames{0x0028, 0x0008};
constexpr dicom::Tag kRepresentativeFrameNumber{0x0028, 0x6010};

/// The images of a resource's first series that has any.
class Images {
 public:
  Images(Archive& archive, const Resource& resource) : instances_(archive, resource, false) {}
  bool next(InstanceRecord& record) {
    while (instances_.next(record)) {
      if (!has_pixel_data(record)) continue;
      if (series_.empty()) series_ = record.series_instance_uid;
      return record.series_instance_uid == series_;
    }
    return false;
  }

 private:
  ResourceInstances instances_;
  std::string series_;
};

}  // namespace

std::optional<Resource> representative_image(Archive& archive, const Resource& resource) {
  // One walks every image, the other every second: at the end of the first, the second is in the middle.
  Images ahead(archive, resource);
  Images middle(archive, resource);
  InstanceRecord last;
  InstanceRecord chosen;
  if (!ahead.next(last)) return {};
  middle.next(chosen);
  while (ahead.next(last) && ahead.next(last)) middle.next(chosen);
  return Resource{std::string(chosen.study_instance_uid), std::string(chosen.series_instance_uid),
                  std::string(chosen.sop_instance_uid)};
}

uint64_t number_of_frames(const InstanceRecord& record) {
  auto text = dicom::DataSetView(record.header).text(kNumberOfFrames);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  uint64_t count = 1;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count == 0 ? 1 : count;
}

uint64_t representative_frame(const InstanceRecord& record) {
  const auto count = number_of_frames(record);
  const auto element = dicom::DataSetView(record.header).find(kRepresentativeFrameNumber);
  const uint64_t named = element && element->value.size() == 2 ? element->number<uint16_t>() : 0;
  return named > 0 && named <= count ? named : (count + 1) / 2;
}

}  // namespace fermata::dicomweb
