#include "host_addresses.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace fermata::application_entities {
namespace {

using Clock = std::chrono::steady_clock;

// A name server that doesn't answer holds up one thread, not the look-up of every other host.
constexpr int kThreads = 4;
constexpr std::chrono::seconds kSoonestRepeat{5};
constexpr std::chrono::milliseconds kPatienceAtEnd{500};

struct Host {
  explicit Host(std::string n) : name(std::move(n)) {}

  const std::string name;
  std::vector<IpAddress> addresses;
  Clock::time_point last{};
  Clock::time_point due = Clock::now();
  bool busy = false;
  bool known = false;
};

}  // namespace

/// What the threads share with the object, and outlives it while a look-up hangs.
struct HostAddresses::State {
  State(Lookup l, std::chrono::milliseconds r) : lookup(std::move(l)), refresh_after(r) {}

  const Lookup lookup;
  const std::chrono::milliseconds refresh_after;
  std::mutex mutex;
  std::condition_variable work;                        ///< for the threads
  std::condition_variable progress;                    ///< for those who wait for the threads
  std::map<std::string, std::shared_ptr<Host>> hosts;  ///< a look-up keeps its own alive
  int threads = 0;
  bool stopping = false;

  void start_threads(const std::shared_ptr<State>& self);
  void run();
  void look_up_unlocked(Host& host, std::unique_lock<std::mutex>& lock);
};

void HostAddresses::State::start_threads(const std::shared_ptr<State>& self) {
  for (; threads < kThreads; ++threads) std::thread([self] { self->run(); }).detach();
}

void HostAddresses::State::run() {
  std::unique_lock lock(mutex);
  while (!stopping) {
    const auto now = Clock::now();
    auto wake = now + refresh_after;
    std::shared_ptr<Host> due;
    for (const auto& [name, host] : hosts) {
      if (host->busy) continue;
      if (host->due <= now) due = host;
      wake = std::min(wake, host->due);
    }
    if (due)
      look_up_unlocked(*due, lock);
    else
      work.wait_until(lock, wake);
  }
  --threads;
  progress.notify_all();
}

/// Leaves the mutex while the system is asked.
void HostAddresses::State::look_up_unlocked(Host& host, std::unique_lock<std::mutex>& lock) {
  host.busy = true;
  lock.unlock();
  auto found = lookup(host.name);
  lock.lock();
  if (!found.empty()) host.addresses = std::move(found);
  host.last = Clock::now();
  host.due = host.last + refresh_after;
  host.busy = false;
  host.known = true;
  progress.notify_all();
}

HostAddresses::HostAddresses(Lookup lookup, std::chrono::milliseconds refresh_after)
    : state_(std::make_shared<State>(std::move(lookup), refresh_after)) {}

HostAddresses::~HostAddresses() {
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  state_->work.notify_all();
  state_->progress.wait_for(lock, kPatienceAtEnd, [&] { return state_->threads == 0; });
}

void HostAddresses::watch(const std::set<std::string>& hosts) {
  const std::lock_guard lock(state_->mutex);
  std::erase_if(state_->hosts, [&](const auto& entry) { return !hosts.contains(entry.first); });
  for (const auto& host : hosts)
    if (!host.empty() && !IpAddress::parse(host) && !state_->hosts.contains(host))
      state_->hosts.emplace(host, std::make_shared<Host>(host));
  if (state_->hosts.empty()) return;
  state_->start_threads(state_);
  state_->work.notify_all();
}

bool HostAddresses::has(const std::string& host, const IpAddress& address) {
  if (const auto numeric = IpAddress::parse(host)) return *numeric == address;
  const std::lock_guard lock(state_->mutex);
  const auto it = state_->hosts.find(host);
  if (it == state_->hosts.end()) return false;
  auto& entry = *it->second;
  if (std::find(entry.addresses.begin(), entry.addresses.end(), address) != entry.addresses.end()) return true;
  const auto sooner = entry.last + kSoonestRepeat;
  if (entry.known && sooner < entry.due) {
    entry.due = sooner;
    state_->work.notify_one();
  }
  return false;
}

bool HostAddresses::wait_until_known(std::chrono::milliseconds timeout) {
  std::unique_lock lock(state_->mutex);
  return state_->progress.wait_for(lock, timeout, [&] {
    return std::all_of(state_->hosts.begin(), state_->hosts.end(),
                       [](const auto& entry) { return entry.second->known; });
  });
}

std::vector<IpAddress> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return {};
  std::vector<IpAddress> found;
  for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
    char text[NI_MAXHOST] = {};
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (const auto address = IpAddress::parse(text)) found.push_back(*address);
  }
  freeaddrinfo(list);
  return found;
}

}  // namespace fermata::application_entities
