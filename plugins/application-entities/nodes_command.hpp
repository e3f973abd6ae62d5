#pragma once
#include <ostream>

#include "fermata/application_entities.hpp"
#include "fermata/command.hpp"

namespace fermata::application_entities {

/// `fermata nodes`: shows the nodes and who was refused; adds and removes nodes while the archive is not running.
///
/// **Thread**, **Errors**: see Command. Arguments that make no sense are Error invalid with the usage.
class NodesCommand final : public Command {
 public:
  NodesCommand(ApplicationEntities& entities, std::ostream& out) : entities_(entities), out_(out) {}

  std::string_view name() override { return "nodes"; }
  std::string_view summary() override { return "show the DICOM nodes and the refused callers; add and remove nodes"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  void show();
  void show_nodes();
  void show_refused();
  void add(std::string_view entry);

  ApplicationEntities& entities_;
  std::ostream& out_;
};

}  // namespace fermata::application_entities
