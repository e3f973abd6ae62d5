#include "node_copies.hpp"

#include "fermata/error.hpp"

namespace fermata::backup {

bool NodeCopies::fetch(const InstanceRecord& damaged) {
  asked_ = true;
  if (!trouble_.empty()) throw Error(Code::unavailable, trouble_);
  const node_retrieval::Wanted wanted{
      std::string(damaged.study_instance_uid),
      std::string(damaged.series_instance_uid),
      std::string(damaged.sop_instance_uid),
      {{std::string(damaged.sop_class_uid), {std::string(damaged.transfer_syntax_uid)}}}};
  std::string said;
  try {
    said = retrieval_.retrieve(wanted);
  } catch (const Error& error) {
    said = error.what();
    if (error.code() == Code::unavailable || error.code() == Code::not_found) trouble_ = said;
  }
  if (!said.empty()) throw Error(Code::unavailable, retrieval_.node() + " can't send it: " + said);
  return true;
}

}  // namespace fermata::backup
