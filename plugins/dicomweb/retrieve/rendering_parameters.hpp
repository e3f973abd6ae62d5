#pragma once
#include <cstdint>

#include "fermata/frame_renderer.hpp"
#include "fermata/query_parameters.hpp"

namespace fermata::dicomweb {

/// What `window`, `viewport` and `quality` ask for (PS3.18 8.3.5.1). `annotation`, `iccprofile`, `charset` and whatever
/// else is there have no effect. **Errors**: invalid, which names the parameter.
Rendering parse_rendering(const QueryParameters& parameters);

/// What `viewport` asks for of a thumbnail: "width,height" (PS3.18 8.3.5.2).
Rendering parse_thumbnail(const QueryParameters& parameters);

/// What `windowCenter`, `windowWidth`, `rows`, `columns`, `region`, `frameNumber` and `imageQuality` of WADO-URI ask
/// for (PS3.18 9.5.1.2). `record` with its header.
Rendering parse_uri_rendering(const QueryParameters& parameters, const InstanceRecord& record);

}  // namespace fermata::dicomweb
