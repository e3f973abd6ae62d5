#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "admission/acceptor.hpp"
#include "admission/reception.hpp"
#include "client.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/archive.hpp"
#include "fermata/error.hpp"
#include "sop_classes.hpp"
#include "storage.hpp"
#include "verification.hpp"

namespace fermata::dimse::testing {

/// Keeps what it is given, or answers as told.
class FakeArchive : public Archive {
 public:
  struct Kept {
    std::string transfer_syntax, sop_class, sop_instance, calling_ae_title, bytes;
  };
  struct Answer {
    StoreOutcome::Kind kind = StoreOutcome::Kind::stored;
    StoreOutcome::Refusal refusal = StoreOutcome::Refusal::none;
    std::string reason;
  };

  std::unique_ptr<StoreOperation> store(const StoreRequest& request) override {
    ++begun;
    return std::make_unique<Operation>(*this, request);
  }
  std::unique_ptr<MatchCursor> find(const Query&) override { throw Error(Code::unsupported, "not here"); }
  std::unique_ptr<InstanceCursor> instances(const Selection&) override { throw Error(Code::unsupported, "not here"); }
  std::unique_ptr<ObjectReader> open(const InstanceRecord&) override { throw Error(Code::unsupported, "not here"); }
  uint64_t remove(const Selection&) override { return 0; }
  IndexStatistics statistics() override { return {}; }

  void answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  std::vector<Kept> kept() const {
    const std::lock_guard lock(mutex_);
    return kept_;
  }
  std::atomic<int> begun{0};
  std::atomic<int> dropped{0};  ///< operations that ended without `finish`

 private:
  class Operation : public StoreOperation {
   public:
    Operation(FakeArchive& archive, const StoreRequest& request)
        : archive_(archive),
          kept_{std::string(request.transfer_syntax_uid),
                std::string(request.sop_class_uid),
                std::string(request.sop_instance_uid),
                std::string(request.calling_ae_title),
                {}} {}
    ~Operation() override {
      if (!finished_) ++archive_.dropped;
    }
    void append(std::span<const std::byte> data) override {
      kept_.bytes.append(reinterpret_cast<const char*>(data.data()), data.size());
    }
    StoreOutcome finish() override {
      finished_ = true;
      const std::lock_guard lock(archive_.mutex_);
      answer_ = archive_.answer_;
      if (answer_.kind != StoreOutcome::Kind::refused) archive_.kept_.push_back(kept_);
      StoreOutcome outcome;
      outcome.kind = answer_.kind;
      outcome.refusal = answer_.refusal;
      outcome.reason = answer_.reason;
      return outcome;
    }

   private:
    FakeArchive& archive_;
    Kept kept_;
    Answer answer_;
    bool finished_ = false;
  };

  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<Kept> kept_;
};

/// Admits by AE title; everybody else may do what `others` says.
class FakeApplicationEntities : public ApplicationEntities {
 public:
  std::map<std::string, Rights> known{{"VIEWER", kMayEverything}};
  Rights others = kMayEcho;

  struct Refused {
    std::string calling_ae_title, wanted, reason;
  };
  std::vector<Refused> remembered() const {
    const std::lock_guard lock(mutex_);
    return remembered_;
  }

  Admission admit(const Caller& caller) override {
    {
      const std::lock_guard lock(mutex_);
      tls_ = caller.tls;
      certificate_ = caller.certificate_subject;
      user_ = caller.user;
    }
    const auto found = known.find(std::string(caller.calling_ae_title));
    if (found == known.end()) return {Admission::Verdict::unknown_ae_title, others};
    return {Admission::Verdict::admitted, found->second};
  }
  void remember_refused(const Caller& caller, std::string_view wanted, std::string_view reason) override {
    const std::lock_guard lock(mutex_);
    remembered_.push_back({std::string(caller.calling_ae_title), std::string(wanted), std::string(reason)});
  }
  /// Of whoever asked to be admitted last.
  bool tls() const {
    const std::lock_guard lock(mutex_);
    return tls_;
  }
  std::string certificate() const {
    const std::lock_guard lock(mutex_);
    return certificate_;
  }
  std::string user() const {
    const std::lock_guard lock(mutex_);
    return user_;
  }
  std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view, const Caller&) override { return {}; }
  std::unique_ptr<ApplicationEntityCursor> list() override { return {}; }
  void put(const ApplicationEntity&) override {}
  void remove(std::string_view) override {}
  std::unique_ptr<RefusedCallerCursor> refused() override { return {}; }
  void forget_refused(std::string_view, std::string_view) override {}

 private:
  mutable std::mutex mutex_;
  std::vector<Refused> remembered_;
  bool tls_ = false;
  std::string certificate_;
  std::string user_;
};

/// Keeps log lines.
class Log {
 public:
  Journal journal() {
    Journal journal;
    journal.log = [this](LogLevel, std::string_view message, std::initializer_list<Field> fields) {
      std::string line(message);
      for (const auto& field : fields) line.append(" ").append(field.name).append("=").append(field.value);
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::move(line));
    };
    journal.count = [this](std::string_view counter, uint64_t increment) {
      const std::lock_guard lock(mutex_);
      counters_[std::string(counter)] += increment;
    };
    return journal;
  }
  uint64_t counted(const std::string& counter) const {
    const std::lock_guard lock(mutex_);
    const auto found = counters_.find(counter);
    return found == counters_.end() ? 0 : found->second;
  }
  bool has(std::string_view text) const {
    const std::lock_guard lock(mutex_);
    for (const auto& line : lines_)
      if (line.find(text) != std::string::npos) return true;
    return false;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::map<std::string, uint64_t> counters_;
};

/// Everything between the network and the archive, on a port of its own.
class Server {
 public:
  explicit Server(ReceptionSettings reception = {}, std::string bind = "127.0.0.1")
      : journal_(log.journal()), classes(true), storage_(archive, journal_), settings_(std::move(reception)) {
    classes.add(Verification::kSopClass, kMayEcho, verification_);
    classes.set_storage(storage_);
    acceptor_settings_.bind = std::move(bind);
    acceptor_settings_.port = 0;
  }

  /// `tls`: what the port speaks, if it is not plain.
  void start(const std::optional<tls::Settings>& tls = {}) {
    if (tls) tls_ = std::make_unique<tls::Context>(tls::Channel::Side::server, *tls, journal_);
    reception_ = std::make_unique<Reception>(settings_, application_entities, classes, journal_);
    reception_->use(accounts, trail);
    acceptor = std::make_unique<Acceptor>(acceptor_settings_, *reception_, journal_, tls_.get());
    acceptor->listen();
    acceptor->serve();
  }
  uint16_t port() const { return acceptor->port(); }
  Destination destination() const { return {"FERMATA", "127.0.0.1", port(), tls_ != nullptr}; }

  Log log;

 private:
  Journal journal_;

 public:
  FakeArchive archive;
  FakeApplicationEntities application_entities;
  SopClasses classes;
  Authenticator* accounts = nullptr;
  AuditTrail* trail = nullptr;

 private:
  Verification verification_;
  Storage storage_;
  ReceptionSettings settings_;
  AcceptorSettings acceptor_settings_;
  std::unique_ptr<tls::Context> tls_;
  std::unique_ptr<Reception> reception_;

 public:
  std::unique_ptr<Acceptor> acceptor;
};

inline constexpr const char* kCt = "1.2.840.10008.5.1.4.1.1.2";
inline constexpr const char* kEcho = "1.2.840.10008.1.1";
inline constexpr const char* kImplicit = "1.2.840.10008.1.2";
inline constexpr const char* kExplicit = "1.2.840.10008.1.2.1";

inline CommandSet store_request(std::string_view sop_class, std::string_view sop_instance, uint16_t message_id = 1) {
  CommandSet command;
  command.set_u16(element::kCommandField, field::kStore);
  command.set_u16(element::kMessageId, message_id);
  command.set_u16(element::kPriority, 2);
  command.set_text(element::kAffectedSopClassUid, sop_class);
  command.set_text(element::kAffectedSopInstanceUid, sop_instance);
  return command;
}

inline CommandSet echo_request(uint16_t message_id = 1) {
  CommandSet command;
  command.set_u16(element::kCommandField, field::kEcho);
  command.set_u16(element::kMessageId, message_id);
  command.set_text(element::kAffectedSopClassUid, kEcho);
  return command;
}

inline std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline ClientSettings as(std::string ae_title) {
  ClientSettings settings;
  settings.ae_title = std::move(ae_title);
  return settings;
}

/// Until the condition holds; false if it does not within some seconds.
inline bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace fermata::dimse::testing
