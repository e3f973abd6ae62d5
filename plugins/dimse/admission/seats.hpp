#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace fermata::dimse {

/// How many associations there are, in all and from each address.
///
/// **Thread**: any. **Ownership**: outlives its seats.
class Seats {
 public:
  Seats(std::size_t most, std::size_t most_of_an_address) : most_(most), most_of_an_address_(most_of_an_address) {}

  /// One of the associations that there may be, until `give_back` or its destructor.
  class Seat {
   public:
    enum class Kind { taken, none_left, none_for_address };
    Seat(Seats& seats, std::string address)
        : seats_(seats), address_(std::move(address)), kind_(seats.take(address_)) {}
    ~Seat() { give_back(); }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    Kind kind() const { return kind_; }
    void give_back() {
      if (kind_ == Kind::taken && !std::exchange(given_back_, true)) seats_.give_back(address_);
    }

   private:
    Seats& seats_;
    const std::string address_;
    const Kind kind_;
    bool given_back_ = false;
  };

 private:
  Seat::Kind take(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (taken_ >= most_) return Seat::Kind::none_left;
    auto& of_address = by_address_[address];
    if (of_address >= most_of_an_address_) return Seat::Kind::none_for_address;
    ++of_address;
    ++taken_;
    return Seat::Kind::taken;
  }
  void give_back(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --taken_;
    if (const auto found = by_address_.find(address); --found->second == 0) by_address_.erase(found);
  }

  const std::size_t most_;
  const std::size_t most_of_an_address_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
  std::map<std::string, std::size_t> by_address_;
};

}  // namespace fermata::dimse
