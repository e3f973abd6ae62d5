// C-ECHO, C-STORE, C-FIND, C-GET and C-MOVE over an association that is kept.
#include <random>
#include <stdexcept>
#include <thread>

#include "association.hpp"
#include "bytes.hpp"
#include "command.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "object_template.hpp"
#include "study_query.hpp"
#include "work.hpp"

namespace fermata::benchmark {
namespace {

constexpr const char* kVerification = "1.2.840.10008.1.1";
constexpr const char* kStudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr const char* kStudyRootMove = "1.2.840.10008.5.1.4.1.2.2.2";
constexpr const char* kStudyRootGet = "1.2.840.10008.5.1.4.1.2.2.3";
constexpr unsigned kStatus = 0x0900;
constexpr unsigned kDataSetType = 0x0800;
constexpr std::size_t kNoDataSet = 0x0101;

bool has_data(const std::string& command) { return number_of(command, kDataSetType) != kNoDataSet; }

void expect_success(const std::string& command) {
  if (const auto status = number_of(command, kStatus); status != 0) throw Refused("status " + std::to_string(status));
}

std::string next_command(Association& association, unsigned& context) {
  std::string command;
  if (!association.receive(command, context)) throw std::runtime_error("the association ended early");
  return command;
}

std::string next_command(Association& association) {
  unsigned context = 0;
  return next_command(association, context);
}

/// Takes in the data set of a C-STORE request and says that it is stored. Returns its length.
uint64_t take_object(Association& association, const std::string& store, unsigned context) {
  const auto length = association.skip_data();
  const auto response = Command()
                            .uid(0x0002, std::string(value_of(store, 0x0002)))
                            .number(0x0100, static_cast<unsigned>(CommandField::store) | kResponse)
                            .number(0x0120, static_cast<unsigned>(number_of(store, 0x0110)))
                            .number(kDataSetType, kNoDataSet)
                            .number(kStatus, 0)
                            .uid(0x1000, std::string(value_of(store, 0x1000)))
                            .encoded();
  association.send(message(context, response, {}, association.maximum_pdu()));
  return length;
}

std::string study_identifier(const Study& study) {
  dicom::DataSetWriter w;
  w.add(dicom::Tag(0x0008, 0x0052), "CS", "STUDY");
  w.add(dicom::kStudyInstanceUid, "UI", study.uid);
  return std::string(text_of(w.bytes()));
}

class Echo final : public Work {
 public:
  explicit Echo(const LoadOptions& o) : association_(o.port, o.title, {{kVerification, kImplicitLittleEndian}}) {}
  Done once(uint64_t) override {
    association_.send(message(1, request(CommandField::echo, kVerification, false), {}, association_.maximum_pdu()));
    expect_success(next_command(association_));
    return {};
  }

 private:
  Association association_;
};

class Store final : public Work {
 public:
  Store(const LoadOptions& o, unsigned connection)
      : association_(o.port, o.title, {{kCtImageStorage, kExplicitLittleEndian}}),
        portion_(o.portion(connection)),
        object_(message(1, request(CommandField::store, kCtImageStorage, true, Study(0).instance_uid(0)),
                        data_set(Study(0), 0, o.shape), association_.maximum_pdu()),
                o.shape) {}
  Done once(uint64_t n) override {
    const auto pdus = object_.place(Study(portion_.study(n)), portion_.image(n));
    association_.send(pdus);
    expect_success(next_command(association_));
    return {pdus.size(), 1, {}};
  }

 private:
  Association association_;
  const Portion portion_;
  ObjectTemplate object_;
};

/// What asks for one of the studies by chance.
class StudyWork : public Work {
 public:
  StudyWork(const LoadOptions& o, unsigned connection, std::vector<Context> contexts)
      : association_(o.port, o.title, contexts), random_(connection + 1), first_(o.first_study), studies_(o.studies) {}

 protected:
  Study some_study() { return Study(first_ + random_() % studies_); }
  void ask(const std::string& command, std::string_view data) {
    association_.send(message(1, command, data, association_.maximum_pdu()));
  }
  Association association_;

 private:
  std::mt19937_64 random_;
  const uint64_t first_, studies_;
};

class Find final : public StudyWork {
 public:
  Find(const LoadOptions& o, unsigned connection)
      : StudyWork(o, connection, {{kStudyRootFind, kExplicitLittleEndian}}), query_(study_query(o.key)) {
    if (query_ == nullptr) throw std::invalid_argument("there is no key " + o.key);
  }
  Done once(uint64_t) override {
    const auto data = identifier(*query_, query_->value(some_study()), true);
    ask(request(CommandField::find, kStudyRootFind, true), text_of(data));
    Done done;
    for (;;) {
      const auto command = next_command(association_);
      const auto status = number_of(command, kStatus);
      if (has_data(command)) done.bytes += association_.skip_data();
      if (status != kPending && status != kPendingWarning) {
        expect_success(command);
        if (done.answers == 0) throw std::runtime_error("a study that is there was not found");
        return done;
      }
      ++done.answers;
    }
  }

 private:
  const StudyQuery* query_;
};

class Get final : public StudyWork {
 public:
  Get(const LoadOptions& o, unsigned connection)
      : StudyWork(o, connection,
                  {{kStudyRootGet, kExplicitLittleEndian}, {kCtImageStorage, kExplicitLittleEndian, true}}) {}
  Done once(uint64_t) override {
    ask(request(CommandField::get, kStudyRootGet, true), study_identifier(some_study()));
    Done done;
    for (;;) {
      unsigned context = 0;
      const auto command = next_command(association_, context);
      if (number_of(command, 0x0100) == static_cast<unsigned>(CommandField::store)) {
        done.bytes += take_object(association_, command, context);
        ++done.answers;
        continue;
      }
      if (has_data(command)) association_.skip_data();
      if (number_of(command, kStatus) == kPending) continue;
      expect_success(command);
      if (done.answers == 0) throw std::runtime_error("nothing was sent");
      return done;
    }
  }
};

/// Also plays the one to whom the objects are sent. Only one connection: its listener has one port.
class Move final : public StudyWork {
 public:
  Move(const LoadOptions& o, unsigned connection)
      : StudyWork(o, connection, {{kStudyRootMove, kExplicitLittleEndian}}),
        destination_(o.destination),
        listener_(o.destination_port) {
    if (o.connections != 1) throw std::invalid_argument("move takes one connection");
  }
  Done once(uint64_t) override {
    Done done;
    ask(request(CommandField::move, kStudyRootMove, true, {}, destination_), study_identifier(some_study()));
    std::string broken;
    std::thread receiving([&] {
      try {
        receive_objects(done);
      } catch (const std::exception& error) {
        broken = error.what();
      }
    });
    std::string command;
    do {
      command = next_command(association_);
      if (has_data(command)) association_.skip_data();
    } while (number_of(command, kStatus) == kPending);
    if (number_of(command, kStatus) != 0)
      std::exit(1);  // perhaps nobody has called: the other thread would wait forever
    receiving.join();
    if (!broken.empty()) throw std::runtime_error(broken);
    if (done.answers == 0) throw std::runtime_error("nothing was sent");
    return done;
  }

 private:
  void receive_objects(Done& done) const {
    Association incoming(listener_.accept());
    std::string command;
    for (unsigned context = 0; incoming.receive(command, context); ++done.answers)
      done.bytes += take_object(incoming, command, context);
  }
  const std::string destination_;
  const Listener listener_;
};

}  // namespace

std::unique_ptr<Work> dimse_work(const LoadOptions& o, unsigned connection) {
  if (o.kind == "echo") return std::make_unique<Echo>(o);
  if (o.kind == "store") return std::make_unique<Store>(o, connection);
  if (o.kind == "find") return std::make_unique<Find>(o, connection);
  if (o.kind == "get") return std::make_unique<Get>(o, connection);
  if (o.kind == "move") return std::make_unique<Move>(o, connection);
  return nullptr;
}

}  // namespace fermata::benchmark
