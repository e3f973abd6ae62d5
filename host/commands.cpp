#include "commands.hpp"

#include <iostream>

#include "command_desk.hpp"
#include "command_usage.hpp"
#include "fermata/error.hpp"
#include "terminal.hpp"

namespace fermata::host {
namespace {

template <class Run>
auto run_and_report(std::string_view verb, Run run) -> decltype(run()) {
  decltype(run()) code = 1;
  try {
    code = run();
  } catch (const Error& e) {
    std::cerr << "fermata " << verb << ": " << e.what() << '\n';
  }
  std::cout.flush();
  return code;
}

/// `fermata commands`: the others, with what they do.
class CommandList final : public Command {
 public:
  explicit CommandList(const std::vector<std::unique_ptr<Command>>& commands) {
    for (const auto& command : commands)
      text_.append(command->name()).append("  ").append(command->summary()).append("\n");
  }
  std::string_view name() override { return "commands"; }
  std::string_view summary() override { return "lists the verbs that plugins add"; }
  bool works_while_serving() override { return true; }
  int32_t run_at(Console& console, std::span<const std::string_view> /*arguments*/) override {
    console.write(text_);
    return 0;
  }

 private:
  std::string text_;
};

}  // namespace

std::vector<std::unique_ptr<Command>> commands_of(const Application& application) {
  std::vector<std::unique_ptr<Command>> out;
  for (const auto& service : application.services(FERMATA_COMMAND_ID))
    out.push_back(std::make_unique<bridge::Bridge<Command>::Proxy>(service.vt, service.self));
  out.push_back(std::make_unique<CommandList>(out));
  return out;
}

std::unique_ptr<Command> early_command(const Application& application, const std::string& verb,
                                       const Arguments& arguments) {
  for (auto& command : commands_of(application))
    if (command->name() == verb && (needs_no_run(*command, arguments) || !command->needs_plugins(arguments)))
      return std::move(command);
  return nullptr;
}

int32_t run_here(Command& command, const Arguments& arguments) {
  return run_and_report(command.name(), [&] {
    Terminal terminal;
    if (const auto code = answer_from_usage(command, arguments, terminal)) return *code;
    if (!command.works_while_serving()) return command.run(arguments);
    return command.run_at(terminal, arguments);
  });
}

std::optional<int32_t> run_there(const std::filesystem::path& socket, const std::string& verb,
                                 const Arguments& arguments) {
  return run_and_report(verb, [&] {
    Terminal terminal;
    return run_at_desk(socket, verb, arguments, terminal);
  });
}

}  // namespace fermata::host
