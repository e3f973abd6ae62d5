#pragma once
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "../../archive/tests/archive_fixture.hpp"
#include "fermata/dicom/file_meta.hpp"
#include "fermata/testing/temporary_folder.hpp"
#include "file_import.hpp"
#include "report_file.hpp"

namespace fermata::imports::testing {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;
using Folder = fermata::testing::TemporaryFolder;

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A DICOM file of a small image.
inline std::string dicom_file(const std::string& instance, const std::string& study = "1.2.3",
                              const std::string& patient = "Doe^Jane") {
  archive::testing::Object object;
  object.study = study;
  object.series = study + ".1";
  object.sop_instance = instance;
  object.patient_name = patient;
  dicom::FileMeta meta;
  meta.sop_class_uid = object.sop_class;
  meta.sop_instance_uid = instance;
  meta.transfer_syntax_uid = archive::testing::kExplicitLittle;
  return text_of(dicom::encode(meta)) + text_of(object.encode());
}

inline void execute(const fs::path& database, const std::string& statements) {
  sqlite3* open = nullptr;
  sqlite3_open(database.c_str(), &open);
  char* problem = nullptr;
  const bool done = sqlite3_exec(open, statements.c_str(), nullptr, nullptr, &problem) == SQLITE_OK;
  const std::string text = problem == nullptr ? "" : problem;
  sqlite3_free(problem);
  sqlite3_close(open);
  if (!done) throw std::runtime_error(text);
}

/// A run whose checkpoint the next one goes on from.
class GivenRun final : public ImportRun {
 public:
  std::string name() override { return "7"; }
  std::string checkpoint() override { return saved; }
  void save(const std::string& checkpoint) override {
    saved = checkpoint;
    ++saves;
  }
  void progress(uint64_t d, uint64_t t, std::string_view m) override {
    done = d;
    total = t;
    message = m;
  }
  bool cancelled() override { return cancel_after == 0 || (cancel_after > 0 && --cancel_after == 0); }

  std::string saved, message;
  uint64_t done = 0, total = 0;
  int saves = 0;
  int64_t cancel_after = -1;  ///< so many questions; less than 0: never
};

/// Notes by study: labels in brackets, then the note.
class GivenNotes final : public StudyNotes {
 public:
  void add_labels(std::string_view study, std::span<const std::string_view> labels) override {
    for (const auto label : labels) labels_of[std::string(study)].emplace_back(label);
  }
  void put_note(std::string_view study, std::string_view origin, std::string_view text) override {
    notes_of[std::string(study)] = std::string(origin) + "|" + std::string(text);
  }
  std::map<std::string, Texts> labels_of;
  std::map<std::string, std::string> notes_of;
};

/// An archive in memory, and an import into it.
struct Scene {
  archive::testing::Fixture stores;
  Folder source, reports;
  GivenNotes notes;
  GivenRun run;
  std::size_t parallel = 3;

  ImportPlan plan(const std::string& kind = "folder") const {
    ImportPlan plan;
    plan.kind = kind;
    plan.source = source.path().native();
    return plan;
  }
  void import(const ImportPlan& plan) {
    const Surroundings around{*stores.service, reports.path(), parallel, &notes, nullptr};
    FileImport(around, plan, run).run();
  }
  std::vector<FileResult> lines() const {
    ReportReader reader(report_path(reports.path(), "7"));
    std::vector<FileResult> all;
    for (FileResult line; reader.next(line);) all.push_back(line);
    return all;
  }
  /// "name outcome", with the reason where there is one.
  Texts report() const {
    Texts all;
    for (const auto& line : lines())
      all.push_back(line.file + " " + std::string(name_of(line.outcome)) +
                    (line.reason.empty() ? "" : ": " + line.reason));
    return all;
  }
  uint64_t stored() const { return stores.service->statistics().instances; }
};

}  // namespace fermata::imports::testing
