#include "command_desk.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <utility>

#include "command_usage.hpp"
#include "local-socket/message.hpp"

namespace fermata::host {
namespace {

namespace json = boost::json;
using local_socket::Connection;
using local_socket::error_message;
using local_socket::throw_told_error;

// A line each way is an object with one member, which says what it is:
//   to the desk    {"run": ["verb", "argument"...]}, then {"password": "..."} or {"error": "..."} to each question
//   to the user    {"write": "..."}, {"report": "..."}, {"new_password": "whose"}, and last {"exit": 0},
//                  {"error": "...", "code": 1} or {"not_here": true}
constexpr std::size_t kLongestPiece = 8 * 1024;  ///< in bytes; escaped, it still is a line

json::object read(const std::string& line) {
  json::parse_options options;
  options.allow_invalid_utf8 = true;  // a piece may end within a character, and names of files are any bytes
  return local_socket::read_message(line, options);
}

/// The console of a user at another program.
class RemoteConsole final : public Console {
 public:
  RemoteConsole(Connection& user, const std::function<bool()>& stopping) : user_(user), stopping_(stopping) {}

  void write(std::string_view text) override { send("write", text); }
  void report(std::string_view text) override { send("report", text); }
  std::string_view new_password(std::string_view name) override {
    send("new_password", name);
    const auto line = user_.receive(stopping_);
    if (!line) throw_gone();
    const auto said = read(*line);
    throw_told_error(said);
    password_ = json::value_to<std::string>(said.at("password"));
    return password_;
  }
  bool gone() override { return stopping_() || user_.has_gone(); }

 private:
  void send(const char* what, std::string_view text) {
    do {
      const auto piece = text.substr(0, kLongestPiece);
      text.remove_prefix(piece.size());
      if (!user_.send(json::serialize(json::object{{what, json::string(piece)}}))) throw_gone();
    } while (!text.empty());
  }
  [[noreturn]] static void throw_gone() { throw Error(Code::unavailable, "the user's program has ended"); }

  Connection& user_;
  const std::function<bool()>& stopping_;
  std::string password_;
};

Journal journal_of(Logger& logger) {
  Journal journal;
  journal.log = [&logger](LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
    std::vector<fermata_field> list;
    for (const auto& field : fields)
      list.push_back({{field.name.data(), field.name.size()}, {field.value.data(), field.value.size()}});
    logger.write(static_cast<int32_t>(level), message, list);
  };
  return journal;
}

}  // namespace

CommandDesk::CommandDesk(std::filesystem::path socket, std::vector<std::unique_ptr<Command>> commands, Journal journal)
    : commands_(std::move(commands)),
      journal_(journal),
      server_(
          std::move(socket), [this](Connection& user, const auto& stopping) { serve(user, stopping); },
          std::move(journal)) {}

std::unique_ptr<CommandDesk> CommandDesk::open(const std::filesystem::path& socket,
                                               std::vector<std::unique_ptr<Command>> commands, Logger& logger) {
  if (socket.empty()) return nullptr;
  auto desk = std::make_unique<CommandDesk>(socket, std::move(commands), journal_of(logger));
  try {
    desk->start();
  } catch (const std::exception& e) {
    logger.warning("commands can't reach this program: make the folder writable, or change control_socket",
                   {{"socket", socket.string()}, {"reason", e.what()}});
    return nullptr;
  }
  return desk;
}

void CommandDesk::serve(Connection& user, const std::function<bool()>& stopping) {
  const auto line = user.receive(stopping);
  if (!line) return;
  json::object last;
  try {
    const auto words = json::value_to<std::vector<std::string>>(read(*line).at("run"));
    Command* const command = words.empty() ? nullptr : find(words.front());
    if (command == nullptr) {
      last = {{"not_here", true}};
    } else {
      const std::vector<std::string_view> arguments(words.begin() + 1, words.end());
      RemoteConsole console(user, stopping);
      if (const auto code = answer_from_usage(*command, arguments, console)) {
        last = {{"exit", *code}};
      } else {
        journal_.log(LogLevel::info, "a command is run for a user of this machine", {{"command", words.front()}});
        last = {{"exit", command->run_at(console, arguments)}};
      }
    }
  } catch (const Error& error) {
    last = error_message(error);
  } catch (const boost::system::system_error&) {
    last = error_message(local_socket::other_version());
  }
  user.send(json::serialize(last));
}

Command* CommandDesk::find(std::string_view verb) const {
  const auto found = std::find_if(commands_.begin(), commands_.end(), [&](const auto& c) { return c->name() == verb; });
  return found != commands_.end() && (*found)->works_while_serving() ? found->get() : nullptr;
}

std::optional<int32_t> run_at_desk(const std::filesystem::path& socket, std::string_view verb,
                                   std::span<const std::string_view> arguments, Console& console) {
  if (socket.empty()) return {};
  const auto desk = Connection::to(socket);
  if (!desk) return {};
  json::array words{json::string(verb)};
  for (const auto argument : arguments) words.emplace_back(json::string(argument));
  desk->send(json::serialize(json::object{{"run", std::move(words)}}));
  while (const auto line = desk->receive()) {
    const auto said = read(*line);
    const auto text = [&](const char* name) -> std::optional<std::string> {
      const auto* value = said.if_contains(name);
      if (value == nullptr || !value->is_string()) return {};
      return std::string(value->as_string());
    };
    if (said.contains("not_here")) return {};
    if (const auto* code = said.if_contains("exit")) return code->to_number<int32_t>();
    throw_told_error(said);
    if (const auto written = text("write")) console.write(*written);
    if (const auto reported = text("report")) console.report(*reported);
    const auto name = text("new_password");
    if (!name) continue;
    try {
      desk->send(json::serialize(json::object{{"password", json::string(console.new_password(*name))}}));
    } catch (const Error& error) {
      desk->send(json::serialize(error_message(error)));
    }
  }
  throw Error(Code::unavailable, "the archive has been stopped, and the command with it");
}

}  // namespace fermata::host
