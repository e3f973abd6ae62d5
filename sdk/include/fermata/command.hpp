#pragma once
#include <ostream>
#include <span>
#include <streambuf>
#include <string_view>

#include "fermata/c/command.h"
#include "fermata/error.hpp"

namespace fermata {

/// Where the user of a command is: at the terminal of this program, or of another one on the same machine that has
/// the running archive do it.
///
/// *Lent by* the host for the length of a call. **Thread**: the caller's. **Ownership**: a view that is returned is
/// valid until the next call. **Errors**: unavailable (the user's program has ended).
class Console {
 public:
  virtual ~Console() = default;
  virtual void write(std::string_view text) = 0;   ///< to standard output: the result
  virtual void report(std::string_view text) = 0;  ///< to standard error: progress, warnings
  /// A password that is being chosen: at a terminal asked for twice and not shown, otherwise a line of standard input.
  /// Error invalid where there is none, or the two differ.
  virtual std::string_view new_password(std::string_view name) = 0;
  /// Nobody waits for the result any more, or the program is about to end: long work stops.
  virtual bool gone() = 0;
};

/// A stream to the standard output of a console. What the console throws comes out of the stream's operators.
class ConsoleStream final : private std::streambuf, public std::ostream {
 public:
  explicit ConsoleStream(Console& console) : std::ostream(static_cast<std::streambuf*>(this)), console_(console) {
    exceptions(std::ios::badbit);
  }

 private:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    console_.write({text, static_cast<std::size_t>(size)});
    return size;
  }
  int overflow(int c) override {
    const char one = static_cast<char>(c);
    console_.write({&one, 1});
    return c;
  }

  Console& console_;
};

/// A verb that a plugin adds to the program: `fermata <name> --config FILE [arguments]`.
///
/// *Provided by* any plugin; *used by* the host, which starts the plugins (without `serve`), runs it and stops them.
/// One that is published in the plugin's constructor already can do without: see `needs_plugins`. One that works while
/// the archive serves is run in the program that serves, if there is one: see `works_while_serving`.
/// **Thread**: the main thread; `run_at` any thread, several at once. **Ownership**: `name`, `summary` and
/// `usage` stay valid until `stop`.
class Command {
 public:
  static constexpr const char* kId = FERMATA_COMMAND_ID;
  virtual ~Command() = default;
  virtual std::string_view name() = 0;     ///< lower case, words joined by "-"
  virtual std::string_view summary() = 0;  ///< one line for `fermata --help`
  /// Writes to standard output and returns the exit code; an Error is printed and becomes exit code 1.
  virtual int32_t run(std::span<const std::string_view> arguments);
  /// False: it is run at once, with no plugin started, so also while another process has the archive open, or where
  /// there is none. Asked only of a verb that was published in the constructor, and before `run`.
  virtual bool needs_plugins(std::span<const std::string_view> /*arguments*/) { return true; }
  /// True: `run_at` is called instead of `run`, beside all else that the plugin does, in the program that serves; where
  /// none does, in the user's own as for any command.
  virtual bool works_while_serving() { return false; }
  /// As `run`, for a user at this console; nothing goes to standard output by another way.
  virtual int32_t run_at(Console& console, std::span<const std::string_view> arguments);
  /// What may follow the verb: lines like "fermata name ARGUMENT --option VALUE    what that does", without an end of
  /// line at the end. `--help` gets them, and an option that they don't name is refused, with exit code 64, before
  /// anything is run. Empty: `run` and `run_at` see to both themselves.
  virtual std::string_view usage() { return {}; }
};

inline int32_t Command::run(std::span<const std::string_view>) {
  throw Error(Code::unsupported, "this command is run at a console only");
}
inline int32_t Command::run_at(Console&, std::span<const std::string_view>) {
  throw Error(Code::unsupported, "this command can't be run while the archive serves");
}

}  // namespace fermata

#include "fermata/bridge/command.hpp"  // IWYU pragma: export
