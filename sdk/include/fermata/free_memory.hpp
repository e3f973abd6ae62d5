#pragma once

namespace fermata {

/// Frees what a vector or a string holds. Assigning `{}` would keep it: that assigns an empty list of elements.
template <class Container>
void free_memory(Container& container) {
  Container().swap(container);
}

}  // namespace fermata
