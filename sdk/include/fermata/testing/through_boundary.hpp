#pragma once
#include <memory>

#include "fermata/bridge/bridge.hpp"

namespace fermata::testing {

/// `service` as another plugin sees it: its functions behind a C table, and a proxy in front of the table.
///
/// **Ownership**: `service` stays the caller's and must outlive what is returned.
template <class I>
std::shared_ptr<I> through_boundary(I& service) {
  using Bridge = bridge::Bridge<I>;
  using Proxy = typename Bridge::Proxy;
  if constexpr (requires { typename Bridge::Published; }) {
    struct Kept {
      explicit Kept(I& s) : published(s), proxy(Bridge::table(), &published) {}
      typename Bridge::Published published;
      Proxy proxy;
    };
    const auto kept = std::make_shared<Kept>(service);
    return {kept, &kept->proxy};
  } else {
    return std::make_shared<Proxy>(Bridge::table(), &service);
  }
}

}  // namespace fermata::testing
