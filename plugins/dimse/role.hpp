#pragma once

namespace fermata::dimse {

/// Of the requestor, as its role selection proposes (PS3.7 D.3.3.4); `standard` without one.
enum class Role { standard, scu, scp, both };

}  // namespace fermata::dimse
