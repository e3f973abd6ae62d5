#pragma once
#include <cstdint>
#include <string_view>

#include "fermata/c/web_application.h"

namespace fermata {

/// Something that a plugin shows in the web application. Views are borrowed for the call of `add`.
struct WebExtension {
  enum class Kind : uint32_t {
    page = FERMATA_WEB_PAGE,                    ///< an entry of the navigation
    study_action = FERMATA_WEB_STUDY_ACTION,    ///< a button on every study
    settings_form = FERMATA_WEB_SETTINGS_FORM,  ///< a part of the settings page
  };
  Kind kind = Kind::page;
  std::string_view id;  ///< "viewer-ohif": letters, digits and "-"; unique
  std::string_view label_en;
  std::string_view label_de;
  /// A path of this server, which the plugin serves through HttpRouter. In a study action `{study}` stands for the
  /// Study Instance UID.
  std::string_view url;
  std::string_view permission;  ///< who lacks it is not shown the extension; empty: everybody who is logged in
  bool new_tab = false;         ///< opens in a tab of its own; otherwise framed by the application
};

/// Where a plugin adds pages, study actions and settings forms to the web application, without a change to it.
///
/// *Provided by* admin; *used by* plugins that have something to show. Add in `start`.
/// **Errors**: conflict (the id is taken), invalid (names the member).
class WebApplication {
 public:
  static constexpr const char* kId = FERMATA_WEB_APPLICATION_ID;
  virtual ~WebApplication() = default;
  virtual void add(const WebExtension& extension) = 0;
};

}  // namespace fermata

#include "fermata/bridge/web_application.hpp"  // IWYU pragma: export
