#pragma once
#include <memory>
#include <vector>

#include "fermata/dimse_services.hpp"
#include "sop_classes.hpp"

namespace fermata::dimse {

/// Where other plugins add their SOP Classes.
///
/// *Used by* plugins, through the host, while they start. **Thread**: one at a time, as the host starts plugins.
/// **Errors**: conflict (the SOP Class is taken), unavailable (associations are being accepted already).
class Registry : public DimseServices {
 public:
  explicit Registry(SopClasses& classes);
  ~Registry() override;

  void add(std::span<const std::string_view> sop_class_uids, Rights rights, DimseService& service) override;
  void close() { open_ = false; }  ///< before the first association

 private:
  SopClasses& classes_;
  std::vector<std::unique_ptr<Service>> services_;
  bool open_ = true;
};

}  // namespace fermata::dimse
