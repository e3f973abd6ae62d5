#pragma once
// How a C++ interface becomes a C table and back. Authors of plugins never need this file.
//
// For an interface I, Bridge<I> names its C table, fills one (each entry a Thunk of the member function) and has a
// Proxy that turns calls into table calls. Wire<T> says how one parameter type crosses; Out<R> how a result comes back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "fermata/c/abi.h"
#include "fermata/error.hpp"

namespace fermata::bridge {

template <class I>
struct Bridge;  // using Table; using Handle {vt, self}; static const Table* table(); class Proxy
template <class T>
struct Wire;
template <class R>
struct Out;

// Errors -------------------------------------------------------------------------------------------------------------

/// A message that is too long is cut between two characters of UTF-8.
inline int32_t fill(fermata_error* error, Code code, const char* message) noexcept {
  if (error != nullptr) {
    error->code = static_cast<int32_t>(code);
    std::size_t length = std::strlen(message);
    if (length >= sizeof error->message) {
      length = sizeof error->message - 1;
      while (length > 0 && (static_cast<unsigned char>(message[length]) & 0xc0) == 0x80) --length;
    }
    std::memcpy(error->message, message, length);
    error->message[length] = '\0';
  }
  return static_cast<int32_t>(code);
}

template <class F>
int32_t guard(fermata_error* error, F&& body) noexcept {
  try {
    body();
    return FERMATA_OK;
  } catch (const Error& e) {
    return fill(error, e.code(), e.what());
  } catch (const std::bad_alloc&) {
    return fill(error, Code::out_of_memory, "out of memory");
  } catch (const std::exception& e) {
    return fill(error, Code::internal, e.what());
  } catch (...) {
    return fill(error, Code::internal, "an exception of an unknown type");
  }
}

/// Calls one entry of a table and turns its code into an Error. A table that is too short for it is an older one.
template <class Table, class... P, class... A>
void call(const Table* table, int32_t (*Table::*entry)(void*, P...), void* self, A... arguments) {
  const auto end = reinterpret_cast<const char*>(&(table->*entry)) - reinterpret_cast<const char*>(table) +
                   static_cast<std::ptrdiff_t>(sizeof(void*));
  if (end > static_cast<std::ptrdiff_t>(table->size) || table->*entry == nullptr)
    throw Error(Code::unsupported, "the other plugin was built for an older SDK and lacks this function: upgrade it");
  fermata_error error;
  error.code = FERMATA_OK;
  error.message[0] = '\0';
  const int32_t code = (table->*entry)(self, arguments..., &error);
  if (code != FERMATA_OK) throw Error(static_cast<Code>(code), error.message);
}

// Plain parameters ---------------------------------------------------------------------------------------------------

template <class T>
struct Identity {
  using c = T;
  static c to(T v) { return v; }
  static T from(c v) { return v; }
};
template <>
struct Wire<uint64_t> : Identity<uint64_t> {};
template <>
struct Wire<uint32_t> : Identity<uint32_t> {};
template <>
struct Wire<int32_t> : Identity<int32_t> {};
template <>
struct Wire<const char*> : Identity<const char*> {};

inline fermata_str str(std::string_view s) { return {s.data(), s.size()}; }
inline std::string_view view(fermata_str s) { return {s.data, static_cast<std::size_t>(s.size)}; }
inline fermata_bytes bytes(std::span<const std::byte> b) {
  return {reinterpret_cast<const uint8_t*>(b.data()), b.size()};
}
inline std::span<const std::byte> view(fermata_bytes b) {
  return {reinterpret_cast<const std::byte*>(b.data), static_cast<std::size_t>(b.size)};
}

template <>
struct Wire<std::string_view> {
  using c = fermata_str;
  static c to(std::string_view v) { return str(v); }
  static std::string_view from(c v) { return view(v); }
};
template <>
struct Wire<std::span<const std::byte>> {
  using c = fermata_bytes;
  static c to(std::span<const std::byte> v) { return bytes(v); }
  static std::span<const std::byte> from(c v) { return view(v); }
};

/// A list of strings: lives as long as the expression that makes the call.
struct Strings {
  std::vector<fermata_str> list;
  explicit Strings(std::span<const std::string_view> v) {
    list.reserve(v.size());
    for (auto s : v) list.push_back(str(s));
  }
  operator fermata_strings() const { return {list.data(), list.size()}; }
};
inline std::vector<std::string_view> views(fermata_strings s) {
  std::vector<std::string_view> out;
  out.reserve(s.count);
  for (uint64_t i = 0; i < s.count; ++i) out.push_back(view(s.data[i]));
  return out;
}
template <>
struct Wire<std::span<const std::string_view>> {
  using c = fermata_strings;
  static Strings to(std::span<const std::string_view> v) { return Strings(v); }
  static std::vector<std::string_view> from(c v) { return views(v); }
};

// Records ------------------------------------------------------------------------------------------------------------

/// A record from the other side in the size that this side knows: what an older side lacks is zero, what a newer one
/// adds is left out.
template <class Record>
Record complete(const Record& given) {
  Record known{};
  std::memcpy(static_cast<void*>(&known), &given, std::min<std::size_t>(given.size, sizeof known));
  known.size = sizeof known;
  return known;
}
/// Fills a record of the other side, as much of it as there is.
template <class Record>
void deliver(Record known, Record& into) {
  known.size = std::min<uint32_t>(into.size, sizeof known);
  std::memcpy(static_cast<void*>(&into), &known, known.size);
}

// Results ------------------------------------------------------------------------------------------------------------

template <class T>
struct PlainOut {
  using c = T;
  static void put(T v, c* out) { *out = v; }
  static T take(c v) { return v; }
};
template <>
struct Out<uint64_t> : PlainOut<uint64_t> {};
template <>
struct Out<int32_t> : PlainOut<int32_t> {};
template <>
struct Out<bool> {
  using c = uint8_t;
  static void put(bool v, c* out) { *out = v ? 1 : 0; }
  static bool take(c v) { return v != 0; }
};
template <>
struct Out<std::string_view> {
  using c = fermata_str;
  static void put(std::string_view v, c* out) { *out = str(v); }
  static std::string_view take(c v) { return view(v); }
};
template <>
struct Out<std::span<const std::byte>> {
  using c = fermata_bytes;
  static void put(std::span<const std::byte> v, c* out) { *out = bytes(v); }
  static std::span<const std::byte> take(c v) { return view(v); }
};

/// An object that changes hands: the receiver owns it and ends it through its table's `destroy`.
template <class I>
struct Out<std::unique_ptr<I>> {
  using c = typename Bridge<I>::Handle;
  static void put(std::unique_ptr<I> v, c* out) { *out = {Bridge<I>::table(), v.release()}; }
  static std::unique_ptr<I> take(c v) { return std::make_unique<typename Bridge<I>::Proxy>(v); }
};

template <class I>
void destroy(void* self) noexcept {
  delete static_cast<I*>(self);
}

// Objects as parameters ----------------------------------------------------------------------------------------------

/// An object lent for the length of a call: its Wire derives from this.
template <class I>
struct Lent {
  using c = typename Bridge<I>::Handle;
  struct Box {
    typename Bridge<I>::Proxy proxy;
    operator I&() { return proxy; }
  };
  static c to(I& v) { return {Bridge<I>::table(), &v}; }
  static Box from(c v) { return Box{typename Bridge<I>::Proxy(v)}; }
};

/// An object that the callee gets to keep, whatever becomes of the call.
template <class I>
typename Bridge<I>::Handle hand_over(std::unique_ptr<I> v) {
  return {Bridge<I>::table(), v.release()};
}
template <class I>
struct Wire<std::unique_ptr<I>> {
  using c = typename Bridge<I>::Handle;
  static std::unique_ptr<I> from(c v) { return std::make_unique<typename Bridge<I>::Proxy>(v); }
};

// One table entry ----------------------------------------------------------------------------------------------------

template <auto Method>
struct Thunk;
template <class I, class... A, void (I::*Method)(A...)>
struct Thunk<Method> {
  static int32_t call(void* self, typename Wire<A>::c... a, fermata_error* error) noexcept {
    return guard(error, [&] { (static_cast<I*>(self)->*Method)(Wire<A>::from(a)...); });
  }
};
template <class I, class R, class... A, R (I::*Method)(A...)>
requires(!std::is_void_v<R>) struct Thunk<Method> {
  static int32_t call(void* self, typename Wire<A>::c... a, typename Out<R>::c* out, fermata_error* error) noexcept {
    return guard(error, [&] { Out<R>::put((static_cast<I*>(self)->*Method)(Wire<A>::from(a)...), out); });
  }
};

/// What every Proxy is made of: the table and the object, and the two ways of calling.
template <class Table>
class Remote {
 protected:
  Remote(const Table* vt, void* self) : vt_(vt), self_(self) {}
  template <class... P, class... A>
  void call(int32_t (*Table::*entry)(void*, P...), A&&... a) {
    bridge::call(vt_, entry, self_, a...);
  }
  template <class R, class... P, class... A>
  R get(int32_t (*Table::*entry)(void*, P...), A&&... a) {
    typename Out<R>::c out{};
    if constexpr (requires { out.size = 0u; } && !std::is_same_v<typename Out<R>::c, fermata_str> &&
                  !std::is_same_v<typename Out<R>::c, fermata_bytes>)
      out.size = sizeof out;
    bridge::call(vt_, entry, self_, a..., &out);
    return Out<R>::take(out);
  }

  const Table* vt_;
  void* self_;
};

/// A Remote that owns its object.
template <class Table>
class OwnedRemote : protected Remote<Table> {
 public:
  OwnedRemote(const OwnedRemote&) = delete;
  OwnedRemote& operator=(const OwnedRemote&) = delete;

 protected:
  using Remote<Table>::Remote;
  ~OwnedRemote() { this->vt_->destroy(this->self_); }
};

// Cursors over records -----------------------------------------------------------------------------------------------

/// How a record that a cursor gives out crosses: a type `c`, static `c to(const Record&)` and `Record from(const c&)`.
template <class Record>
struct Convert;

/// Wire<Record&> derives from this: what the callee has filled in is delivered when the call ends.
template <class Record>
struct GivenOut {
  using c = typename Convert<Record>::c*;
  struct Box {
    c target;
    Record record{};
    operator Record&() { return record; }
    ~Box() { deliver(Convert<Record>::to(record), *target); }
  };
  static Box from(c v) { return Box{v}; }
};

/// Bridge<I> derives from this, for an I whose only function is `bool next(Record&)`.
template <class I, class Record, class CTable, class CHandle>
struct CursorBridge {
  using Table = CTable;
  using Handle = CHandle;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<I>, Thunk<&I::next>::call};
    return &t;
  }
  class Proxy final : public I, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote<Table>(h.vt, h.self) {}
    bool next(Record& record) override {
      typename Convert<Record>::c c{};
      c.size = sizeof c;
      const bool more = this->template get<bool>(&Table::next, &c);
      record = Convert<Record>::from(c);
      return more;
    }
  };
};

}  // namespace fermata::bridge
