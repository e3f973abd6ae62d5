#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "job_record.hpp"

namespace fermata::jobs {

/// A job as the state store keeps it: a line of JSON with a format number, then its parameters and its checkpoint as
/// they are. One document a job; its id is the job's number with leading zeros, so that they stand in order.
inline constexpr std::string_view kJobsCollection = "jobs.queue";

std::string document_id(uint64_t job);
Bytes to_document(const JobRecord& job);
/// **Errors**: corrupt, or unsupported if a newer version of the program wrote it.
JobRecord job_from_document(std::string_view id, std::span<const std::byte> content);

std::string_view state_name(Job::State state);  ///< "waiting"

}  // namespace fermata::jobs
