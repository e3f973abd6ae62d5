#pragma once
#include <ostream>

#include "fermata/application_entities.hpp"
#include "fermata/command.hpp"

namespace fermata::application_entities {

/// `fermata nodes`: shows the nodes and who was refused; adds and removes nodes.
///
/// **Thread**, **Errors**: see Command. Arguments that make no sense are Error invalid with the usage.
class NodesCommand final : public Command {
 public:
  explicit NodesCommand(ApplicationEntities& entities) : entities_(entities) {}

  std::string_view name() override { return "nodes"; }
  std::string_view summary() override { return "show the DICOM nodes and the refused callers; add and remove nodes"; }
  std::string_view usage() override;
  bool works_while_serving() override { return true; }
  int32_t run_at(Console& console, std::span<const std::string_view> arguments) override;

 private:
  void show(std::ostream& out);
  void show_nodes(std::ostream& out);
  void show_refused(std::ostream& out);
  void add(std::string_view entry);

  ApplicationEntities& entities_;
};

}  // namespace fermata::application_entities
