#pragma once
#include "fermata/application_entities.hpp"
#include "fermata/bridge/bridge.hpp"

namespace fermata::bridge {

/// An ApplicationEntity together with the list that its span points into.
struct EntityFromC {
  std::vector<std::string_view> syntaxes;
  ApplicationEntity entity;
  operator const ApplicationEntity&() const { return entity; }
  explicit EntityFromC(const fermata_application_entity& c)
      : syntaxes(views(c.preferred_transfer_syntaxes)),
        entity{view(c.ae_title),    view(c.host),        c.port,   c.rights,       c.tls != 0,
               c.any_address != 0,  view(c.description), syntaxes, view(c.origin), c.last_seen_us,
               view(c.certificate), c.user_required != 0} {}
  EntityFromC(const EntityFromC&) = delete;
  EntityFromC& operator=(const EntityFromC&) = delete;
};
struct EntityToC {
  Strings syntaxes;
  fermata_application_entity c;
  explicit EntityToC(const ApplicationEntity& e)
      : syntaxes(e.preferred_transfer_syntaxes),
        c{sizeof c,
          e.rights,
          str(e.ae_title),
          str(e.host),
          e.port,
          static_cast<uint8_t>(e.tls),
          static_cast<uint8_t>(e.any_address),
          0,
          str(e.description),
          syntaxes,
          str(e.origin),
          e.last_seen_us,
          str(e.certificate),
          static_cast<uint32_t>(e.user_required),
          0} {}
  EntityToC(const EntityToC&) = delete;
  EntityToC& operator=(const EntityToC&) = delete;
};

inline fermata_caller to_c(const Caller& v) {
  return {sizeof(fermata_caller),         v.tls ? 1u : 0u, str(v.calling_ae_title),
          str(v.called_ae_title),         str(v.address),  str(v.certificate_subject),
          str(v.certificate_fingerprint), str(v.user)};
}
template <>
struct Wire<const Caller&> {
  using c = const fermata_caller*;
  static Caller from(c given) {
    const auto v = complete(*given);
    return {view(v.calling_ae_title),    view(v.called_ae_title),         view(v.address), v.tls != 0,
            view(v.certificate_subject), view(v.certificate_fingerprint), view(v.user)};
  }
};
template <>
struct Wire<const ApplicationEntity&> {
  using c = const fermata_application_entity*;
  static EntityFromC from(c v) { return EntityFromC(complete(*v)); }
};
template <>
struct Out<Admission> {
  using c = fermata_admission;
  static void put(Admission v, c* out) { deliver({sizeof *out, static_cast<uint32_t>(v.verdict), v.rights, 0}, *out); }
  static Admission take(const c& v) { return {static_cast<Admission::Verdict>(v.verdict), v.rights}; }
};

/// The list of transfer syntaxes must outlive `next` on both sides, so the table keeps it in a cursor of its own.
template <>
struct Bridge<ApplicationEntityCursor> {
  using Table = fermata_application_entity_cursor_vt;
  using Handle = fermata_application_entity_cursor;
  struct Kept {
    std::unique_ptr<ApplicationEntityCursor> cursor;
    std::vector<fermata_str> syntaxes;
  };
  static int32_t next(void* self, fermata_application_entity* c, uint8_t* out, fermata_error* error) noexcept {
    return guard(error, [&] {
      auto& kept = *static_cast<Kept*>(self);
      ApplicationEntity e;
      *out = kept.cursor->next(e) ? 1 : 0;
      EntityToC converted(e);
      kept.syntaxes = std::move(converted.syntaxes.list);
      converted.c.preferred_transfer_syntaxes = {kept.syntaxes.data(), kept.syntaxes.size()};
      deliver(converted.c, *c);
    });
  }
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<Kept>, next};
    return &t;
  }
  class Proxy final : public ApplicationEntityCursor, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    bool next(ApplicationEntity& entity) override {
      fermata_application_entity c{};
      c.size = sizeof c;
      const bool more = get<bool>(&Table::next, &c);
      kept_ = std::make_unique<EntityFromC>(c);
      entity = kept_->entity;
      return more;
    }

   private:
    std::unique_ptr<EntityFromC> kept_;
  };
};
template <>
struct Out<std::unique_ptr<ApplicationEntityCursor>> {
  using c = fermata_application_entity_cursor;
  using B = Bridge<ApplicationEntityCursor>;
  static void put(std::unique_ptr<ApplicationEntityCursor> v, c* out) {
    *out = {B::table(), new B::Kept{std::move(v), {}}};
  }
  static std::unique_ptr<ApplicationEntityCursor> take(c v) { return std::make_unique<B::Proxy>(v); }
};

template <>
struct Convert<RefusedCaller> {
  using c = fermata_refused_caller;
  static c to(const RefusedCaller& r) {
    return {sizeof(c),
            0,
            str(r.calling_ae_title),
            str(r.called_ae_title),
            str(r.address),
            str(r.wanted),
            str(r.reason),
            r.first_us,
            r.last_us,
            r.times};
  }
  static RefusedCaller from(const c& v) {
    return {view(v.calling_ae_title),
            view(v.called_ae_title),
            view(v.address),
            view(v.wanted),
            view(v.reason),
            v.first_us,
            v.last_us,
            v.times};
  }
};
template <>
struct Wire<RefusedCaller&> : GivenOut<RefusedCaller> {};
template <>
struct Bridge<RefusedCallerCursor> : CursorBridge<RefusedCallerCursor, RefusedCaller, fermata_refused_caller_cursor_vt,
                                                  fermata_refused_caller_cursor> {};

template <>
struct Bridge<ApplicationEntities> {
  using Table = fermata_application_entities_vt;
  using I = ApplicationEntities;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&I::admit>::call,
                         Thunk<&I::resolve>::call,
                         Thunk<&I::list>::call,
                         Thunk<&I::put>::call,
                         Thunk<&I::remove>::call,
                         Thunk<&I::remember_refused>::call,
                         Thunk<&I::refused>::call,
                         Thunk<&I::forget_refused>::call};
    return &t;
  }
  class Proxy final : public ApplicationEntities, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    Admission admit(const Caller& caller) override {
      const auto c = to_c(caller);
      return get<Admission>(&Table::admit, &c);
    }
    std::unique_ptr<ApplicationEntityCursor> resolve(std::string_view title, const Caller& caller) override {
      const auto c = to_c(caller);
      return get<std::unique_ptr<ApplicationEntityCursor>>(&Table::resolve, str(title), &c);
    }
    std::unique_ptr<ApplicationEntityCursor> list() override {
      return get<std::unique_ptr<ApplicationEntityCursor>>(&Table::list);
    }
    void put(const ApplicationEntity& entity) override {
      const EntityToC e(entity);
      call(&Table::put, &e.c);
    }
    void remove(std::string_view title) override { call(&Table::remove, str(title)); }
    void remember_refused(const Caller& caller, std::string_view wanted, std::string_view reason) override {
      const auto c = to_c(caller);
      call(&Table::remember_refused, &c, str(wanted), str(reason));
    }
    std::unique_ptr<RefusedCallerCursor> refused() override {
      return get<std::unique_ptr<RefusedCallerCursor>>(&Table::refused);
    }
    void forget_refused(std::string_view title, std::string_view address) override {
      call(&Table::forget_refused, str(title), str(address));
    }
  };
};

}  // namespace fermata::bridge
