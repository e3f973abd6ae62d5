#pragma once
#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/authenticator.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/http_router.hpp"

namespace fermata {

/// The archive as far as the sender of one request, or the user of one association, may know of it: other studies are
/// not found, not listed, not read and not removed, as if there were none.
///
/// *Used by* every plugin that answers out of the archive. Whoever sees all studies gets everything straight through.
/// Otherwise each study is asked for once (`sees_study` of HttpRequest or Identity), and matches are skipped, and
/// counted for `offset` and `limit`, as they come. Numbers of Patient Related ... would count other studies too and are
/// left empty. Storing is nobody's secret, and `statistics` and `capacity` are of the whole archive.
/// **Thread**: one at a time, as the request. **Ownership**: archive and request or identity outlive it; it outlives
/// its cursors.
/// **Errors**: those of Archive; unsupported for a query at PATIENT level by somebody who does not see all studies.
class VisibleArchive final : public Archive {
 public:
  VisibleArchive(Archive& archive, HttpRequest& request)
      : archive_(archive),
        asks_([&request](std::string_view study) { return request.sees_study(study); }),
        all_(request.sees_all_studies()) {}
  VisibleArchive(Archive& archive, Identity& user)
      : archive_(archive),
        asks_([&user](std::string_view study) { return user.sees_study(study); }),
        all_(user.sees_all_studies()) {}

  std::unique_ptr<StoreOperation> store(const StoreRequest& request) override { return archive_.store(request); }
  std::unique_ptr<ObjectReader> open(const InstanceRecord& record) override { return archive_.open(record); }
  IndexStatistics statistics() override { return archive_.statistics(); }
  Capacity capacity() override { return archive_.capacity(); }

  std::unique_ptr<MatchCursor> find(const Query& query) override {
    if (all_) return archive_.find(query);
    if (query.level == Level::patient)
      throw Error(Code::unsupported, "who sees only some studies can search for studies, not for patients");
    return std::make_unique<Matches>(*this, query);
  }

  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
    if (all_) return archive_.instances(selection);
    const auto studies = visible(selection.study_instance_uids);
    if (studies.empty() && !selection.study_instance_uids.empty()) return std::make_unique<Instances>(*this, nullptr);
    Selection narrowed = selection;
    narrowed.study_instance_uids = studies;
    return std::make_unique<Instances>(*this, archive_.instances(narrowed));
  }

  uint64_t remove(const Selection& selection) override {
    if (all_) return archive_.remove(selection);
    auto studies = selection.study_instance_uids.empty() ? studies_of(selection) : std::vector<std::string>();
    for (const auto uid : visible(selection.study_instance_uids)) studies.emplace_back(uid);
    if (studies.empty()) throw Error(Code::not_found, "there is nothing of this kind in the archive");
    const std::vector<std::string_view> views(studies.begin(), studies.end());
    Selection narrowed = selection;
    narrowed.study_instance_uids = views;
    return archive_.remove(narrowed);
  }

  std::unique_ptr<ChangeCursor> changes(uint64_t after) override {
    if (all_) return archive_.changes(after);
    return std::make_unique<Changes>(*this, archive_.changes(after));
  }

 private:
  /// Answers to a query, without those that name other studies.
  class Matches final : public MatchCursor {
   public:
    Matches(VisibleArchive& archive, const Query& query)
        : archive_(archive),
          asked_(query.identifier.begin(), query.identifier.end()),
          skip_(query.offset),
          left_(query.limit) {
      dicom::DataSetWriter identifier;
      bool names_study = false;
      for (auto it = dicom::DataSetView(asked_).begin(); it != std::default_sentinel; ++it) {
        if (!names_study && dicom::kStudyInstanceUid < it->tag) add_study(identifier, names_study);
        names_study = names_study || it->tag == dicom::kStudyInstanceUid;
        if (!counts_patients(it->tag))
          identifier.add_encoded(it.encoded());
        else
          emptied_ = true;
      }
      if (!names_study) add_study(identifier, names_study);
      Query all = query;
      const auto bytes = identifier.take();
      all.identifier = bytes;
      all.offset = 0;
      all.limit = UINT64_MAX;
      matches_ = archive_.archive_.find(all);
    }

    bool next(std::span<const std::byte>& identifier) override {
      std::span<const std::byte> match;
      while (left_ > 0 && matches_->next(match)) {
        if (!archive_.sees(dicom::DataSetView(match).text(dicom::kStudyInstanceUid))) continue;
        if (skip_ > 0) {
          --skip_;
          continue;
        }
        --left_;
        identifier = added_ || emptied_ ? as_asked(dicom::DataSetView(match)) : match;
        return true;
      }
      return false;
    }

   private:
    static bool counts_patients(dicom::Tag tag) {
      return tag == dicom::kNumberOfPatientRelatedStudies || tag == dicom::kNumberOfPatientRelatedSeries ||
             tag == dicom::kNumberOfPatientRelatedInstances;
    }
    void add_study(dicom::DataSetWriter& identifier, bool& names_study) {
      identifier.add_empty(dicom::kStudyInstanceUid, "UI");
      added_ = names_study = true;
    }
    /// Without what was not asked for, and with what is not told empty.
    std::span<const std::byte> as_asked(dicom::DataSetView match) {
      answer_.clear();
      auto found = match.begin();
      for (const auto& element : dicom::DataSetView(asked_)) {
        while (found != std::default_sentinel && found->tag < element.tag) ++found;
        if (counts_patients(element.tag))
          answer_.add_empty(element.tag, element.vr);
        else if (found != std::default_sentinel && found->tag == element.tag)
          answer_.add_encoded(found.encoded());
      }
      return answer_.bytes();
    }

    VisibleArchive& archive_;
    const std::vector<std::byte> asked_;
    uint64_t skip_;
    uint64_t left_;
    bool added_ = false;
    bool emptied_ = false;
    std::unique_ptr<MatchCursor> matches_;
    dicom::DataSetWriter answer_;
  };

  /// Instances or changes, without those of other studies. `cursor` null: there are none.
  template <class Cursor, class Entry>
  class Filtered final : public Cursor {
   public:
    Filtered(VisibleArchive& archive, std::unique_ptr<Cursor> cursor) : archive_(archive), cursor_(std::move(cursor)) {}
    bool next(Entry& entry) override {
      while (cursor_ && cursor_->next(entry))
        if (archive_.sees(entry.study_instance_uid)) return true;
      return false;
    }

   private:
    VisibleArchive& archive_;
    std::unique_ptr<Cursor> cursor_;
  };
  using Instances = Filtered<InstanceCursor, InstanceRecord>;
  using Changes = Filtered<ChangeCursor, Change>;

  bool sees(std::string_view study) {
    const auto known = decisions_.find(study);
    if (known != decisions_.end()) return known->second;
    const bool sees = asks_(study);
    decisions_.emplace(study, sees);
    return sees;
  }
  std::vector<std::string_view> visible(std::span<const std::string_view> studies) {
    std::vector<std::string_view> seen;
    std::copy_if(studies.begin(), studies.end(), std::back_inserter(seen), [this](auto uid) { return sees(uid); });
    return seen;
  }
  /// The visible studies of a selection that names none. Nothing is removed by an empty one.
  std::vector<std::string> studies_of(const Selection& selection) {
    if (selection.patient_ids.empty() && selection.series_instance_uids.empty() && selection.sop_instance_uids.empty())
      throw Error(Code::invalid, "what to remove has to be named");
    std::vector<std::string> studies;
    const auto cursor = instances(selection);
    for (InstanceRecord record; cursor->next(record);)
      if (studies.empty() || studies.back() != record.study_instance_uid)
        studies.emplace_back(record.study_instance_uid);
    return studies;
  }

  Archive& archive_;
  const std::function<bool(std::string_view)> asks_;
  const bool all_;
  std::map<std::string, bool, std::less<>> decisions_;
};

}  // namespace fermata
