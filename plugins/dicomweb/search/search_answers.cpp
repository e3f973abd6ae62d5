#include "search/search_answers.hpp"

#include "retrieve/bulk_data_retrieval.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::DataSetView;
using dicom::Tag;

constexpr Tag kRetrieveUrl{0x0008, 0x1190};

/// What every answer has beside its attributes, ascending.
struct Addition {
  Tag tag;
  dicom::Vr vr;
  std::string_view value;
};

/// Two data sets and the additions as one, ascending. What is in several comes from the additions, then from the first,
/// unless it is empty there.
class Merge {
 public:
  Merge(DataSetView first, DataSetView second, std::span<const Addition> additions)
      : first_(first.begin()), second_(second.begin()), additions_(additions) {}

  /// `use(element, encoded)` for each but the additions, which are written.
  template <class Use>
  void write(dicom::DataSetWriter& to, Use use) {
    for (;;) {
      const Tag tag = next_tag();
      if (tag == kNone) return;
      if (!additions_.empty() && additions_.front().tag == tag) {
        to.add(tag, additions_.front().vr, additions_.front().value);
        additions_ = additions_.subspan(1);
      } else {
        const bool in_first = is_at(first_, tag) && !(first_->value.empty() && is_at(second_, tag));
        const auto& source = in_first ? first_ : second_;
        if (use(*source)) to.add_encoded(source.encoded());
      }
      if (is_at(first_, tag)) ++first_;
      if (is_at(second_, tag)) ++second_;
    }
  }

 private:
  static constexpr Tag kNone{0xffffffffu};

  static bool is_at(const DataSetView::Iterator& at, Tag tag) { return at != std::default_sentinel && at->tag == tag; }
  Tag next_tag() const {
    Tag tag = kNone;
    if (first_ != std::default_sentinel) tag = std::min(tag, first_->tag);
    if (second_ != std::default_sentinel) tag = std::min(tag, second_->tag);
    if (!additions_.empty()) tag = std::min(tag, additions_.front().tag);
    return tag;
  }

  DataSetView::Iterator first_;
  DataSetView::Iterator second_;
  std::span<const Addition> additions_;
};

}  // namespace

void SearchAnswers::add(DataSetView match) {
  Resource resource{std::string(match.text(dicom::kStudyInstanceUid)), {}, {}};
  if (level_ != Level::study) resource.series = match.text(dicom::kSeriesInstanceUid);
  if (level_ == Level::image) resource.instance = match.text(dicom::kSopInstanceUid);
  if (search_.all && level_ == Level::image) return add_whole(match, resource);
  merge(match, {}, url_ + resource.path());
  list_.add(DataSetView(writer_.bytes()));
}

/// With all that its header holds. An instance that was removed meanwhile is none any more.
void SearchAnswers::add_whole(DataSetView match, const Resource& resource) {
  const std::string_view study = resource.study;
  const std::string_view instance = resource.instance;
  const Selection selection{
      .study_instance_uids = {&study, 1}, .sop_instance_uids = {&instance, 1}, .with_headers = true};
  const auto cursor = archive_.instances(selection);
  InstanceRecord record;
  if (!cursor->next(record)) return;
  const auto url = url_ + resource.path();
  merge(match, DataSetView(record.header), url);
  list_.add(DataSetView(writer_.bytes()), record.bulk, [&url](std::string& to, const BulkValue& value) {
    to += url;
    append_bulk_data_path(to, value.tag);
  });
}

void SearchAnswers::merge(DataSetView match, DataSetView header, const std::string& url) {
  const Addition additions[] = {{dicom::kSpecificCharacterSet, "CS", "ISO_IR 192"},
                                {dicom::kInstanceAvailability, "CS", "ONLINE"},
                                {kRetrieveUrl, "UR", url}};
  writer_.clear();
  Merge(header, match, additions).write(writer_, [&](const dicom::Element& element) {
    return !element.value.empty() || search_.named.contains(element.tag) || !header.empty();
  });
}

}  // namespace fermata::dicomweb
