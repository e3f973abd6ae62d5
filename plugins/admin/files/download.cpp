#include "files/download.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "fermata/timestamp.hpp"
#include "files/dicom_directory.hpp"
#include "instance-files/zip_writer.hpp"

namespace fermata::admin {
namespace {

/// Eight characters, as ISO 9660 level 1 has them.
std::string numbered(char letter, unsigned number) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%c%07u", letter, number % 10'000'000);
  return text.data();
}

/// Names for the files of a study, series by series.
class FileNames {
 public:
  /// "\" between the parts.
  std::string next(std::string_view series) {
    if (series_ == 0 || series != current_) {
      current_ = series;
      ++series_;
      instance_ = 0;
    }
    return "DICOM\\" + numbered('S', series_) + "\\" + numbered('I', ++instance_);
  }

 private:
  std::string current_;
  unsigned series_ = 0;
  unsigned instance_ = 0;
};

std::string path_of(std::string file_id) {
  std::replace(file_id.begin(), file_id.end(), '\\', '/');
  return file_id;
}

}  // namespace

void Download::add_to(api::Routes& routes) {
  routes.add("GET", "/api/studies/{study}/download", "studies.export",
             {.summary = "A study as a ZIP with a DICOMDIR",
              .group = "studies",
              .answer_type = "application/zip",
              .answer = R"({"type":"string","format":"binary"})"},
             [this](auto& request, auto& response) { answer(request, response); });
}

void Download::answer(HttpRequest& request, HttpResponse& response) const {
  const auto found = finder_.find(request);
  const auto study = request.parameter("study");
  const auto instances = archive_.instances({.study_instance_uids = {&study, 1}, .with_headers = true});
  // From the first byte on, images leave the archive, whether or not the last one arrives.
  audit_.success(request, audit::kStudyExported, study, "as ZIP with DICOMDIR",
                 std::string(found.at("patient_id").as_string()));
  response.header("Content-Type", "application/zip");
  response.header("Content-Disposition", "attachment; filename=\"study.zip\"");
  response.header("Cache-Control", "no-store");
  instance_files::BodyWriter body(response);
  instance_files::ZipWriter zip(body);
  DicomDirectory directory;
  FileNames names;
  for (InstanceRecord record; instances->next(record);) {
    const auto file_id = names.next(record.series_instance_uid);
    directory.add(record, file_id);
    const instance_files::InstanceFile file(archive_, nullptr, record, record.transfer_syntax_uid);
    zip.add(path_of(file_id), record.received_us, file);
  }
  zip.add("DICOMDIR", now_us(), directory.file());
  zip.finish();
  body.finish();
}

}  // namespace fermata::admin
