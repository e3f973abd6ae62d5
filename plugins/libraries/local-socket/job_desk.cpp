#include "job_desk.hpp"

#include <chrono>
#include <thread>

#include "fermata/error.hpp"
#include "message.hpp"

namespace fermata::local_socket {
namespace {

namespace json = boost::json;

constexpr int64_t kVersion = 1;
constexpr std::chrono::milliseconds kLookInterval{200};

json::object news_of(const Job& job, uint64_t problems) {
  return {{"job", job.id},          {"state", static_cast<uint32_t>(job.state)},
          {"message", job.message}, {"done", job.done},
          {"total", job.total},     {"problems", problems}};
}

JobNews news_from(const json::object& line) {
  try {
    const auto number = [&](const char* name) { return line.at(name).to_number<uint64_t>(); };
    return {number("job"),
            static_cast<Job::State>(number("state")),
            json::value_to<std::string>(line.at("message")),
            number("done"),
            number("total"),
            number("problems")};
  } catch (const std::exception&) {
    throw other_version();
  }
}

}  // namespace

JobDesk::JobDesk(std::filesystem::path path, JobQueue& queue, Add add, Journal journal, const JobProblems* problems)
    : queue_(queue),
      add_(std::move(add)),
      problems_(problems),
      server_(
          std::move(path), [this](Connection& client, const auto& stopping) { serve(client, stopping); },
          std::move(journal)) {}

void JobDesk::serve(Connection& client, const std::function<bool()>& stopping) {
  const auto line = client.receive(stopping);
  if (!line) return;
  try {
    const auto asked = read_message(*line);
    const auto* version = asked.if_contains("version");
    const auto* request = asked.if_contains("request");
    if (version == nullptr || *version != kVersion || request == nullptr) throw other_version();
    follow(client, add_(*request), stopping);
  } catch (const Error& error) {
    client.send(json::serialize(error_message(error)));
  }
}

/// The job goes on when nobody listens any more.
void JobDesk::follow(Connection& client, uint64_t number, const std::function<bool()>& stopping) {
  for (std::string said; !stopping() && !client.has_gone(); std::this_thread::sleep_for(kLookInterval)) {
    const auto jobs = queue_.list();
    Job job;
    bool found = false;
    while (!found && jobs->next(job)) found = job.id == number;
    if (!found) throw Error(Code::cancelled, "the job was taken off the list");
    auto news = json::serialize(news_of(job, problems_ != nullptr ? problems_->of(number) : 0));
    if (news == said) continue;
    if (!client.send(news) || (job.state != Job::State::waiting && job.state != Job::State::running)) return;
    said = std::move(news);
  }
}

JobNews have_done(Connection& connection, const json::value& request, const std::function<void(const JobNews&)>& tell) {
  connection.send(json::serialize(json::object{{"version", kVersion}, {"request", request}}));
  JobNews news;
  while (const auto line = connection.receive()) {
    const auto said = read_message(*line);
    throw_told_error(said);
    news = news_from(said);
    tell(news);
    if (news.has_ended()) return news;
  }
  throw Error(Code::unavailable, news.job == 0 ? "the running program gives no answer; try again"
                                               : "the archive was stopped; when it is started again, it goes on with "
                                                 "this as job " +
                                                     std::to_string(news.job));
}

}  // namespace fermata::local_socket
