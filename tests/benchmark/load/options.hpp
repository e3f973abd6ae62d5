#pragma once
#include <cstdint>
#include <string>

#include "object_template.hpp"
#include "study.hpp"

namespace fermata::benchmark {

struct LoadOptions {
  std::string kind;  ///< store, raw, echo, find, get, move; stow, wado, metadata, frame, qido
  uint16_t port = 0;
  unsigned connections = 1;
  uint64_t operations = 1;    ///< of all connections together
  double seconds = 1e9;       ///< no new one after so long
  bool until_broken = false;  ///< a connection that breaks is the end of its work, and no failure
  Shape shape;
  uint64_t per_study = 1;    ///< objects
  uint64_t first_study = 0;  ///< that is sent, or may be asked for
  uint64_t studies = 1;      ///< that may be asked for
  std::string key = "id";    ///< of study_queries()
  std::string title = "ANY";
  std::string destination;  ///< of move
  uint16_t destination_port = 0;
  uint64_t batch = 1;  ///< objects in one STOW request
  std::string path = "/dicom-web";

  /// What connection number so and so of them sends.
  Portion portion(unsigned connection) const;
};

/// Throws std::invalid_argument with the usage.
LoadOptions load_options(int count, char** arguments);

}  // namespace fermata::benchmark
