#pragma once
#include <ostream>
#include <string_view>

#include "fermata/command.hpp"
#include "transaction_store.hpp"

namespace fermata::storage_commitment {

/// `fermata commitments`: shows requests for storage commitment and what became of them, while the archive is not
/// running.
///
/// **Thread**, **Errors**: see Command. Arguments that make no sense are Error invalid with the usage.
class CommitmentsCommand final : public Command {
 public:
  CommitmentsCommand(TransactionStore& store, std::ostream& out) : store_(store), out_(out) {}

  std::string_view name() override { return "commitments"; }
  std::string_view summary() override { return "show the storage commitment requests and what became of them"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  void show_all();
  void show_one(std::string_view transaction_uid);

  TransactionStore& store_;
  std::ostream& out_;
};

}  // namespace fermata::storage_commitment
