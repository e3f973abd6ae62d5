#include "job_store.hpp"

#include "fermata/error.hpp"
#include "job_document.hpp"

namespace fermata::jobs {

void JobStore::for_each(const std::function<void(JobRecord&&)>& visit,
                        const std::function<void(const std::string&)>& problem) const {
  const auto cursor = store_.list(kJobsCollection, "");
  for (Document document; cursor->next(document);) {
    try {
      visit(job_from_document(document.id, document.content));
    } catch (const Error& error) {
      problem(error.what());
    }
  }
}

bool JobStore::add(const JobRecord& job) {
  try {
    store_.put(kJobsCollection, document_id(job.id), to_document(job), StateStore::kAbsent);
    return true;
  } catch (const Error& error) {
    if (error.code() != Code::conflict) throw;
    return false;
  }
}

void JobStore::write(const JobRecord& job) {
  store_.put(kJobsCollection, document_id(job.id), to_document(job), StateStore::kAny);
}

void JobStore::remove(uint64_t id) { store_.remove(kJobsCollection, document_id(id), StateStore::kAny); }

JobRecord JobStore::read(uint64_t id) const {
  const auto name = document_id(id);
  const auto cursor = store_.list(kJobsCollection, name);
  Document document;
  if (!cursor->next(document) || document.id != name)
    throw Error(Code::not_found, "job " + std::to_string(id) + " is not in the state store");
  return job_from_document(document.id, document.content);
}

}  // namespace fermata::jobs
