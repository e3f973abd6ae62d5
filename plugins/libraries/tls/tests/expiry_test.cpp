#include "tls/expiry.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "tls/tests/certificate_files.hpp"

using namespace fermata;
using namespace fermata::tls;
using namespace fermata::tls::testing;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

struct Told {
  std::string name, text, remedy;
  ConditionLevel level = ConditionLevel::fine;
  double seconds_left = 0;
};

Settings settings_of(const CertificateFiles& files) {
  Settings settings;
  settings.certificate = files.file();
  settings.key = files.key();
  return settings;
}

struct Scene {
  explicit Scene(const Settings& settings) : context(Channel::Side::server, settings, journal) {
    journal.gauge = [this](std::string_view name, double value) {
      if (name == "certificate_seconds_left") told.seconds_left = value;
    };
    journal.condition = [this](std::string_view name, ConditionLevel level, std::string_view text,
                               std::string_view remedy) {
      told.name = name, told.level = level, told.text = text, told.remedy = remedy;
    };
  }
  const Told& look(std::chrono::seconds later = 0s) {
    expiry.look(Clock::now() + later);
    return told;
  }

  Told told;
  Journal journal;
  Context context;
  Expiry expiry{context, "HTTPS", journal};
};

}  // namespace

TEST_CASE("a certificate with time left is fine, and the gauge says how much") {
  const CertificateFiles files("long", days(100));
  Scene scene(settings_of(files));
  CHECK(scene.look().name == "certificate");
  CHECK(scene.told.level == ConditionLevel::fine);
  CHECK(scene.told.seconds_left == Approx(100 * 86400).margin(60));
}

TEST_CASE("a certificate that expires in two days is told of, with its date and what to do") {
  const CertificateFiles files("soon", days(2) + 1h);
  Scene scene(settings_of(files));
  CHECK(scene.look().level == ConditionLevel::warning);
  CHECK_THAT(scene.told.text, Catch::StartsWith("The certificate for HTTPS (CN=soon) expires in 2 days, on 20"));
  CHECK_THAT(scene.told.remedy, Catch::Contains(files.file()) && Catch::Contains(files.key()));
}

TEST_CASE("the warning begins when it was asked for") {
  const CertificateFiles files("asked", days(100));
  auto settings = settings_of(files);
  settings.warn_before = days(40);
  Scene scene(settings);
  CHECK(scene.look(days(59)).level == ConditionLevel::fine);
  CHECK(scene.look(days(61)).level == ConditionLevel::warning);
}

TEST_CASE("a certificate that has expired is an error") {
  const CertificateFiles files("over", 60s);
  Scene scene(settings_of(files));
  CHECK(scene.look(0s).level == ConditionLevel::warning);
  CHECK_THAT(scene.told.text, Catch::Contains("expires in less than a day"));
  CHECK(scene.look(120s).level == ConditionLevel::failing);
  CHECK_THAT(scene.told.text, Catch::Contains("has expired on "));
  CHECK(scene.told.seconds_left < 0);
}

TEST_CASE("of a chain, the first certificate to expire counts") {
  const CertificateFiles files("leaf", days(100));
  const CertificateFiles between("between", days(3) + 1h);
  files.append(between);
  Scene scene(settings_of(files));
  CHECK_THAT(scene.look().text, Catch::Contains("(CN=between) expires in 3 days"));
}

TEST_CASE("a renewed certificate ends the warning, without a connection") {
  const CertificateFiles files("renewed", days(2));
  Scene scene(settings_of(files));
  CHECK(scene.look().level == ConditionLevel::warning);
  files.renew("renewed", days(100));
  std::this_thread::sleep_for(1100ms);  // files are looked at once a second
  CHECK(scene.look().level == ConditionLevel::fine);
}

TEST_CASE("renewed files that can't be used are told of while the old certificate goes on") {
  const CertificateFiles files("spoilt", days(100));
  Scene scene(settings_of(files));
  files.spoil();
  std::this_thread::sleep_for(1100ms);
  CHECK(scene.look().level == ConditionLevel::warning);
  CHECK_THAT(scene.told.text, Catch::Contains("can't be used; the old one"));
  CHECK_THAT(scene.told.remedy, Catch::Contains("`tls.certificate` " + files.file()));
  files.renew("spoilt", days(100));
  std::this_thread::sleep_for(1100ms);
  CHECK(scene.look().level == ConditionLevel::fine);
}

TEST_CASE("a side that shows no certificate tells nothing") {
  const CertificateFiles authority("authority");
  Settings settings;
  settings.authorities = authority.file();
  Journal journal;
  journal.condition = [](std::string_view, ConditionLevel, std::string_view, std::string_view) { FAIL(); };
  Context context(Channel::Side::client, settings, journal);
  Expiry(context, "DICOM over TLS", journal).look();
}
