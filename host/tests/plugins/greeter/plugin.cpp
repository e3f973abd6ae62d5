#include "fermata/plugin.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "fermata/command.hpp"
#include "fermata_plugin_schema.hpp"
#include "greeter.hpp"

namespace {

using namespace fermata;

class Say final : public Command {
 public:
  explicit Say(Host host) : host_(std::move(host)) {}
  std::string_view name() override { return "say"; }
  std::string_view summary() override { return "says its arguments"; }
  int32_t run(std::span<const std::string_view> arguments) override {
    if (arguments.empty()) throw Error(Code::invalid, "nothing to say; name something");
    for (const auto argument : arguments) std::cout << '[' << argument << ']';
    std::cout << std::endl;
    return 7;
  }

 private:
  Host host_;
};

/// Works in the program that serves.
class Talk final : public Command {
 public:
  std::string_view name() override { return "talk"; }
  std::string_view summary() override { return "greets whoever asks, or waits until they have gone"; }
  bool works_while_serving() override { return true; }
  int32_t run_at(Console& console, std::span<const std::string_view> arguments) override {
    if (arguments.empty()) throw Error(Code::conflict, "nobody to talk to");
    if (arguments[0] == "for-ever") {
      console.write("waiting\n");
      while (!console.gone()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      throw Error(Code::cancelled, "nobody waits any more");
    }
    if (arguments[0] == "long") {
      ConsoleStream(console) << std::string(300'000, 'x') << '\n';
      return 0;
    }
    ConsoleStream out(console);
    for (const auto argument : arguments) out << '[' << argument << ']';
    console.report("pid " + std::to_string(::getpid()) + "\n");
    out << ' ' << console.new_password(arguments[0]) << "\n";
    return 7;
  }
};

class GreeterPlugin final : public Plugin, public Greeter {
 public:
  using Provides = fermata::Provides<Greeter, Command>;
  using Needs = fermata::Needs<>;

  GreeterPlugin(Host host, Config config)
      : host_(host),
        say_(host),
        greeting_(config["greeting"].string()),
        port_(config["port"].integer()),
        work_(config["drain"].duration()),
        flood_(config["flood"].integer()) {}

  void start() override {
    host_.publish<Greeter>(*this);
    host_.publish<Command>(say_);
    host_.publish<Command>(talk_);
    host_.info("started", {{"greeting", greeting_}, {"port", std::to_string(port_)}});
  }
  void serve() override {
    for (int64_t i = 0; i < flood_; ++i) host_.info("flood", {{"line", std::to_string(i)}});
    host_.error("after the flood");
    host_.count("greetings_total", 3);
    host_.count("greetings_total", 4);
    host_.count("never_total", 0);
  }
  void drain(std::chrono::milliseconds deadline) override {
    host_.info("draining", {{"deadline_ms", std::to_string(deadline.count())}});
    std::this_thread::sleep_for(std::min(deadline, work_));
  }
  void stop() noexcept override { host_.info("stopped"); }

  std::string_view greeting() override { return greeting_; }

 private:
  Host host_;
  Say say_;
  Talk talk_;
  std::string greeting_;
  int64_t port_;
  std::chrono::milliseconds work_;
  int64_t flood_;
};

}  // namespace

FERMATA_PLUGIN(GreeterPlugin);
