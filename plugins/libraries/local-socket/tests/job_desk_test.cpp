#include "local-socket/job_desk.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <vector>

#include "fermata/error.hpp"
#include "fermata/testing/kept_jobs.hpp"

using namespace fermata;
using namespace fermata::local_socket;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// A queue with a job that the test moves on, and a later one.
struct Queue {
  Queue() {
    jobs.add({"another"});
    is_now(Job::State::running, "begun");
  }
  void is_now(Job::State state, const std::string& message) { jobs.is_now(job, state, message, 3, 5); }

  testing::KeptJobs jobs;
  const uint64_t job = jobs.add({"asked for"});
};

struct Folder {
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  const fs::path path = fs::temp_directory_path() / ("local-socket-" + std::to_string(::getpid())) /
                        std::string(200, 'x');  // longer than the address of a socket
  const fs::path socket = path / "control";
};

std::unique_ptr<JobDesk> started(const Folder& folder, Queue& queue, JobDesk::Add add) {
  auto desk = std::make_unique<JobDesk>(folder.socket, queue.jobs, std::move(add), Journal());
  desk->start();
  return desk;
}

/// Every request becomes the queue's job.
std::unique_ptr<JobDesk> started(const Folder& folder, Queue& queue) {
  return started(folder, queue, [&](const auto&) { return queue.job; });
}

Code code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::internal;
}

void ignore(const JobNews&) {}

}  // namespace

TEST_CASE("where nobody listens there is no connection, also where a killed program has left its socket") {
  const Folder folder;
  CHECK_FALSE(Connection::to(folder.socket));
  Queue queue;
  started(folder, queue);
  CHECK_FALSE(fs::exists(folder.socket));
  // Bound and closed, as a killed program leaves it. The working folder makes the address short.
  const auto before = fs::current_path();
  fs::current_path(folder.path);
  sockaddr_un address{AF_UNIX, "control"};
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(fd);
  fs::current_path(before);
  REQUIRE(fs::exists(folder.socket));
  CHECK_FALSE(Connection::to(folder.socket));
  const auto desk = started(folder, queue);
  CHECK(Connection::to(folder.socket));
}

TEST_CASE("the socket and its folder are for the program's own user") {
  const Folder folder;
  Queue queue;
  const auto desk = started(folder, queue);
  struct stat status {};
  REQUIRE(::stat(folder.socket.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(::stat(folder.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("a request becomes a job, and whoever asked hears how it goes until it has ended") {
  const Folder folder;
  Queue queue;
  json::value asked;
  const auto desk = started(folder, queue, [&](const json::value& request) {
    asked = request;
    return queue.job;
  });
  const auto connection = Connection::to(folder.socket);
  REQUIRE(connection);
  std::vector<std::string> heard;
  const auto end = have_done(*connection, json::object{{"what", "all\nof it"}}, [&](const JobNews& news) {
    heard.push_back(news.message);
    CHECK(news.job == queue.job);
    CHECK(news.done == 3);
    CHECK(news.total == 5);
    queue.is_now(Job::State::done, "three files");
  });
  CHECK(asked.at("what") == "all\nof it");
  CHECK(heard == std::vector<std::string>{"begun", "three files"});
  CHECK(end.state == Job::State::done);
}

TEST_CASE("whoever asked hears how many problems the job has found") {
  const Folder folder;
  Queue queue;
  JobProblems problems;
  JobDesk desk(
      folder.socket, queue.jobs, [&](const auto&) { return queue.job; }, Journal(), &problems);
  desk.start();
  problems.note(queue.job, 2);
  queue.is_now(Job::State::done, "two files are damaged");
  CHECK(have_done(*Connection::to(folder.socket), nullptr, ignore).problems == 2);
  for (uint64_t later = queue.job + 1; later < 100; ++later) problems.note(later, 1);
  CHECK(problems.of(99) == 1);
  CHECK(problems.of(queue.job) == 0);  // only those of the latest are known
}

TEST_CASE("a refused request is the same error for whoever asked") {
  const Folder folder;
  Queue queue;
  const auto desk =
      started(folder, queue, [](const auto&) -> uint64_t { throw Error(Code::conflict, "one goes on already"); });
  const auto connection = Connection::to(folder.socket);
  REQUIRE(connection);
  CHECK_THROWS_WITH(have_done(*connection, nullptr, ignore), "one goes on already");
  CHECK(code_of([&] { have_done(*Connection::to(folder.socket), nullptr, ignore); }) == Code::conflict);
}

TEST_CASE("whoever follows a job hears that it was taken off the list, and that the program has ended") {
  const Folder folder;
  Queue queue;
  auto desk = started(folder, queue);
  const auto end_with = [&](const std::function<void()>& end) {
    return code_of([&] { have_done(*Connection::to(folder.socket), nullptr, [&](const JobNews&) { end(); }); });
  };
  CHECK(end_with([&] { desk->stop(); }) == Code::unavailable);
  desk = started(folder, queue);
  CHECK(end_with([&] { queue.jobs.forget(queue.job); }) == Code::cancelled);
}

TEST_CASE("a program of another version is told to be restarted, on either side") {
  const Folder folder;
  Queue queue;
  const auto desk = started(folder, queue);
  for (const auto* line : {"backup /mnt", "[]", R"({"version":2,"request":{}})", R"({"version":1})"}) {
    const auto connection = Connection::to(folder.socket);
    REQUIRE(connection->send(line));
    const auto answer = connection->receive();
    REQUIRE(answer);
    CHECK(answer->find("restart it after an upgrade") != std::string::npos);
  }
  const fs::path other = folder.path / "other";
  Server old(
      other, [](Connection& client, const auto&) { client.send("progress 1 file"); }, Journal());
  old.start();
  CHECK(code_of([&] { have_done(*Connection::to(other), nullptr, ignore); }) == Code::unsupported);
}

TEST_CASE("a line without end is not waited for for ever") {
  const Folder folder;
  Queue queue;
  const auto desk = started(folder, queue);
  const auto connection = Connection::to(folder.socket);
  connection->send(std::string(100'000, 'x'));
  CHECK_FALSE(connection->receive());  // it has hung up
  const auto silent = Connection::to(folder.socket);
  desk->stop();
  CHECK_FALSE(silent->receive());
}
