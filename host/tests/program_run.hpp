#pragma once
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "temporary_folder.hpp"

/// One run of the program `fermata` with the plugins for tests, its output kept in files.
class ProgramRun {
 public:
  using Variables = std::map<std::string, std::string>;

  /// `config` becomes the file of --config; empty: the option is not given. `input` is what standard input has.
  explicit ProgramRun(std::vector<std::string> words, const std::string& config = "", const Variables& variables = {},
                      const std::string& input = "");
  ~ProgramRun();
  ProgramRun(const ProgramRun&) = delete;
  ProgramRun& operator=(const ProgramRun&) = delete;

  pid_t process() const { return process_; }  ///< until it has ended
  void signal(int number) const;
  /// Whether `text` appears in the output within ten seconds.
  bool shows(const std::string& text) const;
  /// The exit code; 1000 plus the signal if one ended it, -1 if it did not end within twenty seconds.
  int exit_code();
  std::string output() const { return contents(folder_ / "output"); }
  std::string errors() const { return contents(folder_ / "errors"); }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  pid_t process_ = -1;
};
