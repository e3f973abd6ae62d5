#pragma once
#include <ostream>
#include <string_view>

#include "fermata/command.hpp"
#include "transaction_store.hpp"

namespace fermata::storage_commitment {

/// `fermata commitments`: shows requests for storage commitment and what became of them.
///
/// **Thread**, **Errors**: see Command. Arguments that make no sense are Error invalid with the usage.
class CommitmentsCommand final : public Command {
 public:
  explicit CommitmentsCommand(TransactionStore& store) : store_(store) {}

  std::string_view name() override { return "commitments"; }
  std::string_view summary() override { return "show the storage commitment requests and what became of them"; }
  std::string_view usage() override;
  bool works_while_serving() override { return true; }
  int32_t run_at(Console& console, std::span<const std::string_view> arguments) override;

 private:
  void show_all(std::ostream& out);
  void show_one(std::ostream& out, std::string_view transaction_uid);

  TransactionStore& store_;
};

}  // namespace fermata::storage_commitment
