// An index that is written to while it is made anew again and again, or while its program ends and starts again and
// again, for what a power cut leaves of that.
//
//   renewal_writer write FOLDER     stores and removes instances, and puts a document after each, without end; prints
//                                   each number once its document is acknowledged
//   renewal_writer restart FOLDER   writes so in one process after the other; each ends without closing, and leaves an
//                                   instance behind its last document that nothing has made durable
//   renewal_writer count FOLDER     opens what is there, compares it with the documents, and prints how many these are
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <set>
#include <string>
#include <thread>

#include "encoding.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "renewal.hpp"
#include "rocks_state_store.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;

namespace {

struct Opened {
  explicit Opened(const std::string& folder)
      : database({folder}), index(database, Journal{}), renewal(database, index, Journal{}), documents(database) {}
  Database database;
  CurrentIndex index;
  Renewal renewal;
  RocksStateStore documents;
};

std::string study_of(unsigned number) { return "1." + std::to_string(number % 7 + 1); }
std::string uid_of(unsigned number) { return study_of(number) + ".1." + std::to_string(number); }

/// Of every ten numbers one is removed with the one after it.
bool is_removed(unsigned number, unsigned last) { return number % 10 == 3 && last > number; }

void store(Index& index, unsigned number) {
  const testing::SampleInstance instance(study_of(number), study_of(number) + ".1", uid_of(number));
  const auto transaction = index.begin(instance.study());
  transaction->upsert(instance.record());
  transaction->commit();
}

void remove(Index& index, unsigned number) {
  const auto transaction = index.begin(study_of(number));
  transaction->remove(uid_of(number));
  transaction->commit();
}

std::string id_of(unsigned number) {
  const auto text = std::to_string(number);
  return std::string(8 - text.size(), '0') + text;
}

void write(Opened& opened, unsigned number) {
  if (number != 0 && is_removed(number - 1, number)) remove(opened.index, number - 1);
  store(opened.index, number);
  opened.documents.put("written", id_of(number), bytes("x"), StateStore::kAbsent);  // durable with all before it
  const std::string line = std::to_string(number) + "\n";
  if (::write(1, line.data(), line.size()) < 0) ::_exit(1);
}

void write_for_ever(Opened& opened) {
  for (unsigned number = 0;; ++number) write(opened, number);
}

int write_in_many_processes(const char* folder) {
  constexpr unsigned kProcesses = 30;
  for (unsigned number = 0; number < kProcesses; ++number) {
    const pid_t child = ::fork();
    if (child == 0) {
      Opened opened(folder);
      write(opened, number);
      store(opened.index, number + 1);
      ::_exit(0);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) return 1;
  }
  return 0;
}

void renew_for_ever(Opened& opened) {
  for (;;) {
    const auto made = opened.renewal.begin();
    Selection everything;
    everything.with_headers = true;
    const auto cursor = opened.index.instances(everything);
    for (InstanceRecord record; cursor->next(record);) made->put(record);
    made->save("filled");
    made->take_over();
  }
}

/// Everything up to the last document is as it was left. What was written after it may be there.
int count(Opened& opened) {
  unsigned documents = 0;
  const auto listed = opened.documents.list("written", {});
  for (Document document; listed->next(document); ++documents)
    if (document.id != id_of(documents)) return std::cerr << "no document " << documents << '\n', 1;
  std::set<std::string> there;
  const auto cursor = opened.index.instances({});
  for (InstanceRecord record; cursor->next(record);) there.emplace(record.sop_instance_uid);
  for (unsigned number = 0; number < documents; ++number) {
    if (number + 1 == documents && is_removed(number, number + 1)) continue;  // perhaps it has been by now
    if ((there.count(uid_of(number)) != 0) == is_removed(number, documents - 1))
      return std::cerr << "instance " << number << " of " << documents << " is not as it was left\n", 1;
  }
  if (opened.index.statistics().instances != there.size()) return std::cerr << "the counts are wrong\n", 1;
  std::cerr << "generation " << opened.index.current()->database().generation() << '\n';
  std::cout << documents << '\n';
  return 0;
}

}  // namespace

int main(int count_of_arguments, char** arguments) try {
  if (count_of_arguments != 3) return 2;
  if (arguments[1] == std::string("restart")) return write_in_many_processes(arguments[2]);
  Opened opened(arguments[2]);
  if (arguments[1] != std::string("write")) return count(opened);
  std::thread([&] { write_for_ever(opened); }).detach();
  renew_for_ever(opened);
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
