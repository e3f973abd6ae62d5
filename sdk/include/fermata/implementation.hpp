#pragma once
#include <string_view>

namespace fermata {

/// How Fermata names itself in associations (PS3.7 D.3.3.2) and in files (PS3.10 7.1). The UID is derived from a UUID
/// (PS3.5 B.2) and fixed for good; the name holds the version and has at most 16 characters.
inline constexpr std::string_view kVersion = "0.1.0";
inline constexpr std::string_view kImplementationVersionName = "FERMATA_0.1.0";
inline constexpr std::string_view kImplementationClassUid = "2.25.136893245178842913461170931268433297207";

static_assert(kImplementationVersionName.substr(8) == kVersion && kImplementationVersionName.size() <= 16);

}  // namespace fermata
