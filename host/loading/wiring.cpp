#include "loading/wiring.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "configuration/nearest_name.hpp"

namespace fermata::host {
namespace {

std::string concept_of(const std::string& service) { return service.substr(0, service.find('/')); }

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

class Wirer {
 public:
  Wirer(const std::vector<Participant>& participants, const std::vector<std::string>& of_host)
      : all_(participants), of_host_(of_host) {
    wiring_.providers.resize(all_.size());
    wiring_.left_out.resize(all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (all_[i].failed) wiring_.left_out[i] = "could not be loaded";
  }

  Wiring wire() {
    for (std::size_t i = 0; i < all_.size(); ++i) check_uses(i);
    connect_all();
    put_in_order();
    return std::move(wiring_);
  }

 private:
  bool runs(std::size_t i) const { return wiring_.left_out[i].empty(); }

  void problem(std::size_t i, const std::string& message) {
    wiring_.problems.push_back({i, "the plugin \"" + all_[i].name + "\" " + message});
  }

  /// Leaving one out may take the service from another: until nothing changes.
  void connect_all() {
    for (bool again = true; again;) {
      again = false;
      for (std::size_t i = 0; i < all_.size(); ++i) {
        if (!runs(i)) continue;
        wiring_.providers[i].clear();
        for (const auto& need : all_[i].needs) connect(i, need);
        again = again || !runs(i);
      }
    }
  }

  void connect(std::size_t i, const Need& need) {
    if (contains(of_host_, need.service)) {
      wiring_.providers[i][need.service] = {kHostInstance};
      return;
    }
    auto candidates = candidates_for(i, need.service);
    const auto choice = choice_of(i, need.service);
    if (need.how_many == FERMATA_NEEDS_MANY) {
      wiring_.providers[i][need.service] = std::move(candidates);
      return;
    }
    if (choice) {
      const bool there = contains(candidates, *choice);
      candidates.clear();
      if (there) candidates.push_back(*choice);
    }
    if (candidates.size() > 1)
      refuse(i, "needs " + need.service + ", which " + joined(candidates) + " provide; choose one with \"uses: {" +
                    concept_of(need.service) + ": " + candidates.front() + "}\"");
    else if (candidates.empty() && need.how_many == FERMATA_NEEDS_ONE)
      refuse(i, "needs " + need.service + ", which " + missing(need.service, choice));
    wiring_.providers[i][need.service] = std::move(candidates);
  }

  /// A required plugin: the program can't start. Another one is left out.
  void refuse(std::size_t i, const std::string& reason) {
    wiring_.left_out[i] = reason;
    if (all_[i].required) problem(i, reason);
  }

  std::vector<std::string> candidates_for(std::size_t consumer, const std::string& service) const {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (i != consumer && runs(i) && contains(all_[i].provides, service)) found.push_back(all_[i].name);
    std::sort(found.begin(), found.end());
    return found;
  }

  std::optional<std::string> choice_of(std::size_t i, const std::string& service) const {
    const auto& uses = all_[i].uses;
    auto found = uses.find(service);
    if (found == uses.end()) found = uses.find(concept_of(service));
    if (found == uses.end()) return {};
    return found->second;
  }

  std::string missing(const std::string& service, const std::optional<std::string>& choice) const {
    if (choice) return "it takes from \"" + *choice + "\"; that one does not provide it, or can't run";
    for (std::size_t i = 0; i < all_.size(); ++i)
      for (const auto& provided : all_[i].provides) {
        if (provided == service && !runs(i)) return "\"" + all_[i].name + "\" would provide; that one can't run";
        if (provided != service && concept_of(provided) == concept_of(service))
          return "nobody provides: \"" + all_[i].name + "\" provides " + provided + "; upgrade the older of the two";
      }
    return "no enabled plugin provides; add one that does under \"plugins:\", or enable it";
  }

  void check_uses(std::size_t i) {
    std::vector<std::string> known_services;
    for (const auto& need : all_[i].needs)
      if (need.how_many != FERMATA_NEEDS_MANY) known_services.push_back(concept_of(need.service));
    std::vector<std::string> known_instances;
    for (const auto& participant : all_) known_instances.push_back(participant.name);
    for (const auto& [service, instance] : all_[i].uses) {
      const bool needed = std::any_of(all_[i].needs.begin(), all_[i].needs.end(), [&, id = service](const Need& need) {
        return need.how_many != FERMATA_NEEDS_MANY && (need.service == id || concept_of(need.service) == id);
      });
      if (!needed && !all_[i].failed)
        problem(i, "has \"uses: " + service + "\", but does not take that service from a single provider" +
                       hint(service, known_services));
      if (!contains(known_instances, instance))
        problem(i, "uses \"" + instance + "\" for " + service + ", but no enabled plugin has that name" +
                       hint(instance, known_instances));
    }
  }

  /// Always the first, in the order of the configuration, of which all providers have been placed.
  void put_in_order() {
    std::set<std::string> placed{kHostInstance};
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (runs(i)) waiting.push_back(i);
    while (!waiting.empty()) {
      const auto next =
          std::find_if(waiting.begin(), waiting.end(), [&](std::size_t i) { return waits_for(i, placed).empty(); });
      if (next == waiting.end()) {
        report_circle(waiting.front(), placed);
        return;
      }
      placed.insert(all_[*next].name);
      wiring_.order.push_back(*next);
      waiting.erase(next);
    }
  }

  std::vector<std::string> waits_for(std::size_t i, const std::set<std::string>& placed) const {
    std::vector<std::string> out;
    for (const auto& need : all_[i].needs) {
      if (need.how_many == FERMATA_NEEDS_LATE) continue;
      for (const auto& provider : wiring_.providers[i].at(need.service))
        if (placed.count(provider) == 0) out.push_back(provider);
    }
    return out;
  }

  /// Follows needs from a plugin that waits for ever until one comes up again: from there on it is the circle.
  void report_circle(std::size_t from, const std::set<std::string>& placed) {
    std::vector<std::size_t> path;
    auto at = from;
    while (std::find(path.begin(), path.end(), at) == path.end()) {
      path.push_back(at);
      at = index_of(waits_for(at, placed).front());
    }
    std::string text;
    for (auto member = std::find(path.begin(), path.end(), at); member != path.end(); ++member)
      text += all_[*member].name + " needs ";
    problem(at,
            "is part of a circle, in which each one needs the next: " + text + all_[at].name + "; disable one of them");
  }

  std::size_t index_of(const std::string& name) const {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto& p) { return p.name == name; });
    return static_cast<std::size_t>(found - all_.begin());
  }

  const std::vector<Participant>& all_;
  const std::vector<std::string>& of_host_;
  Wiring wiring_;
};

}  // namespace

Wiring wire(const std::vector<Participant>& participants, const std::vector<std::string>& of_host) {
  return Wirer(participants, of_host).wire();
}

}  // namespace fermata::host
