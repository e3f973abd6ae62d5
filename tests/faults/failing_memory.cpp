// Lets `new` fail: for a request that needs more than there is. Preloaded with LD_PRELOAD.
//
// FERMATA_MEMORY names a file of the size of `Control`, which whoever tests the program maps too. Allocations of at
// least `smallest` bytes fail once `pass` of them were let pass, `times` times. tests/faults/injection.py is the other
// side.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

struct Control {
  std::atomic<uint64_t> armed;
  std::atomic<uint64_t> smallest;
  std::atomic<int64_t> pass;
  std::atomic<int64_t> times;
  std::atomic<uint64_t> fired;
};

Control* map_control() {
  const char* name = std::getenv("FERMATA_MEMORY");
  const int file = name == nullptr ? -1 : ::open(name, O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* mapped = ::mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  return mapped == MAP_FAILED ? nullptr : static_cast<Control*>(mapped);
}

bool fails(std::size_t size) {
  static Control* const control = map_control();
  if (control == nullptr || control->armed == 0 || size < control->smallest) return false;
  if (control->pass.fetch_sub(1) > 0 || control->times.fetch_sub(1) <= 0) return false;
  ++control->fired;
  return true;
}

void* allocate(std::size_t size) {
  if (!fails(size))
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

#define EXPORT __attribute__((visibility("default")))

EXPORT void* operator new(std::size_t size) { return allocate(size); }
EXPORT void* operator new[](std::size_t size) { return allocate(size); }
EXPORT void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return fails(size) ? nullptr : std::malloc(size == 0 ? 1 : size);
}
EXPORT void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return fails(size) ? nullptr : std::malloc(size == 0 ? 1 : size);
}
EXPORT void operator delete(void* memory) noexcept { std::free(memory); }
EXPORT void operator delete[](void* memory) noexcept { std::free(memory); }
EXPORT void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
EXPORT void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
