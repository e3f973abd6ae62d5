#include "free_space.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>

#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

constexpr int64_t kBudget = int64_t{16} << 20;
constexpr std::chrono::milliseconds kBudgetAge{100};  // others fill the file system too
constexpr uint64_t kFileReserve = 1000;               // files that the index and the logs may still need

struct statvfs ask(const std::string& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) throw system_error(errno, "ask how much space is free at " + path);
  return status;
}

uint64_t less(uint64_t from, uint64_t amount) { return from > amount ? from - amount : 0; }

std::string mebibytes(uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

FreeSpace::FreeSpace(std::string path, uint64_t reserve) : path_(std::move(path)), reserve_(reserve) {}

void FreeSpace::claim(uint64_t bytes) {
  const auto amount = static_cast<int64_t>(bytes);
  if (stale() || budget_.fetch_sub(amount) < amount) refresh(bytes);
  claimed_ += bytes;
}

Capacity FreeSpace::capacity() const {
  const auto status = ask(path_);
  return {status.f_blocks * status.f_frsize, less(less(status.f_bavail * status.f_frsize, reserve_), claimed_)};
}

void FreeSpace::refresh(uint64_t wanted) {
  const std::lock_guard lock(mutex_);
  const auto status = ask(path_);
  // File systems that make room for files as they go report none at all.
  if (status.f_files > 0 && status.f_favail < kFileReserve) {
    budget_ = 0;
    throw Error(Code::no_space, "the file system of " + path_ + " has room for only " +
                                    std::to_string(status.f_favail) +
                                    " more files (df -i): remove files, or make a file system with more inodes");
  }
  const uint64_t free = status.f_bavail * status.f_frsize;
  const uint64_t left = less(less(free, reserve_), claimed_);
  if (left < wanted) {
    budget_ = 0;
    throw Error(Code::no_space, "the file system of " + path_ + " has " + mebibytes(free) +
                                    " left and the setting `reserve` keeps " + mebibytes(reserve_) +
                                    " free: remove studies, enlarge the file system, or lower the reserve");
  }
  budget_ = std::min(static_cast<int64_t>(std::min<uint64_t>(left - wanted, INT64_MAX)), kBudget);
  refreshed_ = std::chrono::steady_clock::now();
}

bool FreeSpace::stale() const { return std::chrono::steady_clock::now() - refreshed_.load() > kBudgetAge; }

}  // namespace fermata::storage_filesystem
