#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fermata/dimse_client.hpp"
#include "file_import.hpp"
#include "node-retrieval/node_retrieval.hpp"
#include "node_queries.hpp"

namespace fermata::imports {

/// Has a node send all its studies, one after the other, and looks afterwards whether every instance that the node
/// lists is in the archive, whole.
///
/// The list of studies is made once, in a file beside the report; what has become of one study is saved before the next
/// one begins. What the archive has all of is not sent again. **Thread**: one at a time. **Ownership**: borrows all.
/// **Errors**: as FileImport, and those of NodeQueries.
class NodeImport {
 public:
  /// `own`: the AE title under which the node may know this archive, for C-MOVE.
  NodeImport(const Surroundings& around, DimseClient& client, const std::string& own, const ImportPlan& plan,
             ImportRun& run);

  void run();

 private:
  std::filesystem::path list_path() const;
  void list_studies();
  void go_on();
  void fetch(const RemoteStudy& study);
  std::string retrieve(const std::string& study, const std::vector<RemoteInstance>& listed);
  void put_down(const std::string& study, const std::string& instance, bool was_there, const std::string& said);
  void add(FileResult line);
  std::set<std::string> held(const std::string& study) const;
  void save();

  const Surroundings& around_;
  const ImportPlan& plan_;
  ImportRun& run_;
  NodeQueries queries_;
  node_retrieval::NodeRetrieval retrieval_;
  ImportState state_;
  Counts counts_;
  std::unique_ptr<ReportWriter> report_;
};

}  // namespace fermata::imports
