#pragma once
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "input.hpp"
#include "query-retrieve/information_model.hpp"
#include "query_retrieve_scene.hpp"
#include "upper-layer/socket.hpp"

namespace fermata::fuzz {

/// Everything between the network and an archive in memory, for one peer at a time, on the caller's own thread.
class ServedPeer {
 public:
  ServedPeer() {
    classes_.add(dimse::Verification::kSopClass, kMayEcho, verification_);
    classes_.set_storage(storage_);
    for (const auto& model : dimse::information_models()) {
      const bool find = model.operation == dimse::InformationModel::Operation::find;
      classes_.add(model.sop_class_uid, model.rights(), find ? static_cast<dimse::Service&>(finder_) : retriever_);
    }
    nodes_.known["VIEWER"] = kMayEverything;
    for (int number = 1; number <= 3; ++number)
      archive_.put("1.2.840.10008.1.2.1", dimse::testing::image(dimse::testing::kCt, "1.2.3", "1.2.3.4", number));
  }

  /// The peer says this and then nothing more; whatever the answers are, it takes them.
  void hears(std::string_view said) {
    int ends[2];
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "there are sockets");
    static_cast<void>(::send(ends[1], said.data(), said.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
    ::shutdown(ends[1], SHUT_WR);
    dimse::Reception reception(settings(), nodes_, classes_, journal_);
    reception.serve(std::make_shared<dimse::Socket>(ends[0]), -1);
    ::close(ends[1]);
  }

 private:
  static dimse::ReceptionSettings settings() {
    dimse::ReceptionSettings settings;
    settings.write_timeout = std::chrono::milliseconds(20);
    return settings;
  }

  /// Counts what is stored, and forgets it.
  class Archive : public dimse::testing::MemoryArchive {
   public:
    std::unique_ptr<StoreOperation> store(const StoreRequest&) override { return std::make_unique<Operation>(); }

   private:
    class Operation : public StoreOperation {
     public:
      void append(std::span<const std::byte> data) override { size_ += data.size(); }
      StoreOutcome finish() override {
        StoreOutcome outcome;
        if (size_ % 2 != 0) outcome.kind = StoreOutcome::Kind::refused;
        if (size_ % 2 != 0) outcome.refusal = StoreOutcome::Refusal::not_understood;
        return outcome;
      }

     private:
      std::size_t size_ = 0;
    };
  };

  Archive archive_;
  dimse::testing::FakeNodes nodes_;
  const Journal journal_;
  dimse::SopClasses classes_{true};
  dimse::Client client_{dimse::testing::as("FERMATA")};
  dimse::Verification verification_;
  dimse::Storage storage_{archive_, journal_};
  dimse::Finder finder_{archive_, journal_, "FERMATA"};
  dimse::Retriever retriever_{archive_, nodes_, client_, nullptr, journal_, {std::chrono::milliseconds(20), {}}};
};

}  // namespace fermata::fuzz
