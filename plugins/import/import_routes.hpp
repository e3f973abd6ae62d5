#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/routes.hpp"
#include "fermata/job_queue.hpp"
#include "import_request.hpp"
#include "report_text.hpp"

namespace fermata::imports {

/// /api/imports: what may be imported, imports as jobs, and their reports.
///
/// **Thread**: any. **Ownership**: borrows the queue; lives until `stop`. **Errors**: as HttpHandler says.
class ImportRoutes {
 public:
  /// Adds a job for a checked plan and returns its number.
  using Add = std::function<uint64_t(ImportPlan, std::optional<uint64_t> rate)>;

  ImportRoutes(JobQueue& queue, std::filesystem::path folder, const std::vector<std::string>& folders, Add add);
  void add_to(HttpRouter& router);

 private:
  void sources(HttpRequest& request, HttpResponse& response);
  void list(HttpRequest& request, HttpResponse& response);
  void begin(HttpRequest& request, HttpResponse& response);
  void show(HttpRequest& request, HttpResponse& response);
  void report(HttpRequest& request, HttpResponse& response);
  /// Those of the folders that exist, without links.
  std::vector<std::string> folders_there() const;
  boost::json::object totals_of(uint64_t job);

  JobQueue& queue_;
  const std::filesystem::path folder_;
  const std::vector<std::string> folders_;
  const Add add_;
  std::optional<api::Routes> routes_;
  std::mutex mutex_;
  std::map<uint64_t, ReportTotals> totals_;  ///< of reports that were looked at lately
};

}  // namespace fermata::imports
