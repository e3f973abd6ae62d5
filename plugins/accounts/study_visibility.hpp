#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "account_book.hpp"
#include "fermata/archive.hpp"
#include "fermata/state_store.hpp"

namespace fermata::accounts {

/// Tells which studies an account sees, by its rules: the archive's index matches attributes, and labels are where the
/// administration keeps them (`admin.labels`: one document a study).
///
/// Decisions are kept for a few seconds, so that a study of many images is looked up once.
/// **Thread**: any. **Ownership**: archive and state store outlive it; without an archive (null) no rule by an
/// attribute holds. **Errors**: those of Archive::find and of the state store.
class StudyVisibility {
 public:
  StudyVisibility(Archive* archive, StateStore& store) : archive_(archive), store_(store) {}

  bool sees(const KnownAccount& account, std::string_view study_instance_uid);

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Decision {
    KnownAccount account;  ///< as it was: with other rules it is another one
    bool sees = false;
    Time until;
  };

  bool decide(const Account& account, std::string_view study) const;
  bool holds(const VisibilityRule& rule, std::string_view study) const;
  bool has_attribute(const VisibilityRule& rule, std::string_view study) const;
  bool has_label(const VisibilityRule& rule, std::string_view study) const;
  std::set<std::string> labels_of(std::string_view study) const;

  Archive* const archive_;
  StateStore& store_;
  std::mutex mutex_;
  std::map<std::string, Decision> decisions_;
};

}  // namespace fermata::accounts
