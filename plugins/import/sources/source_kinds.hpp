#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "import_plan.hpp"
#include "sources/source.hpp"
#include "sources/study_knowledge.hpp"

namespace fermata::imports {

/// A source, and what its program's database knows; the latter may be null.
struct OpenedSource {
  std::unique_ptr<Source> source;
  std::unique_ptr<StudyKnowledge> knowledge;
};

/// What lies at a path: "horos", "orthanc", "dcm4chee", "dicomdir", "folder" or "file". **Errors**: not_found.
std::string recognised_kind(const std::filesystem::path& path);

/// `scratch`: a folder in which a copy of another program's database may lie until the source is closed.
/// **Errors**: not_found, invalid (no such kind), io.
OpenedSource open_source(const ImportPlan& plan, const std::filesystem::path& scratch);

}  // namespace fermata::imports
