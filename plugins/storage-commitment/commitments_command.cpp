#include "commitments_command.hpp"

#include <string>

#include "fermata/error.hpp"
#include "fermata/text_table.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::storage_commitment {
namespace {

constexpr const char* kUsage =
    "fermata commitments                    show all requests\n"
    "fermata commitments TRANSACTION-UID    show the instances of one";

}  // namespace

std::string_view CommitmentsCommand::usage() { return kUsage; }

int32_t CommitmentsCommand::run_at(Console& console, std::span<const std::string_view> arguments) {
  ConsoleStream out(console);
  if (arguments.empty())
    show_all(out);
  else if (arguments.size() == 1 && !arguments.front().starts_with('-'))
    show_one(out, arguments.front());
  else
    throw Error(Code::invalid, std::string("usage:\n") + kUsage);
  return 0;
}

void CommitmentsCommand::show_all(std::ostream& out) {
  TextTable table({"Requested", "AE title", "Instances", "Failed", "State", "Attempts", "Transaction UID", "Problem"});
  const auto add = [&](const Transaction& t) {
    const bool checked = t.state != Transaction::State::checking;
    table.add({utc_text(t.requested_us), t.ae_title, std::to_string(t.references),
               checked ? std::to_string(t.failed) : "-", std::string(name_of(t.state)), std::to_string(t.attempts),
               t.uid, t.problem.empty() ? "-" : t.problem});
  };
  store_.for_each(add, [&out](const std::string& problem) { out << "left out: " << problem << '\n'; });
  table.print(out);
}

void CommitmentsCommand::show_one(std::ostream& out, std::string_view transaction_uid) {
  bool found = false;
  store_.for_each(
      [&](const Transaction& transaction) {
        if (transaction.uid != transaction_uid) return;
        found = true;
        out << "Requested by " << transaction.ae_title << " at " << utc_text(transaction.requested_us) << ", "
            << name_of(transaction.state) << '\n';
        TextTable table({"SOP Instance UID", "SOP Class UID", "Result"});
        for (const auto& reference : store_.references(transaction))
          table.add(
              {reference.sop_instance_uid, reference.sop_class_uid, std::string(name_of_reason(reference.reason))});
        table.print(out);
      },
      [](const std::string&) {});
  if (!found)
    throw Error(Code::not_found, "there is no commitment request with Transaction UID " + std::string(transaction_uid));
}

}  // namespace fermata::storage_commitment
