#include "upper-layer/dcmtk_log.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dul.h>
#include <dcmtk/oflog/appender.h>
#include <dcmtk/oflog/logger.h>
#include <dcmtk/oflog/nullap.h>
#include <dcmtk/oflog/oflog.h>
#include <dcmtk/oflog/spi/logevent.h>

#include <string>

namespace fermata::dimse {
namespace {

namespace log4cplus = dcmtk::log4cplus;

class JournalAppender : public log4cplus::Appender {
 public:
  explicit JournalAppender(const Journal& journal) : journal_(journal) {}
  ~JournalAppender() override { destructorImpl(); }
  void close() override { closed = true; }

 protected:
  void append(const log4cplus::spi::InternalLoggingEvent& event) override {
    const auto& logger = event.getLoggerName();
    const auto& text = event.getMessage();
    journal_.log(LogLevel::debug, std::string_view(text.c_str(), text.length()),
                 {{"dcmtk", std::string(logger.c_str(), logger.length())}});
  }

 private:
  const Journal& journal_;
};

void replace_appenders(log4cplus::Appender* appender, log4cplus::LogLevel level) {
  auto root = log4cplus::Logger::getRoot();
  root.removeAllAppenders();
  root.addAppender(log4cplus::SharedAppenderPtr(appender));
  root.setLogLevel(level);
}

}  // namespace

DcmtkLog::DcmtkLog(const Journal& journal, bool wanted) {
  OFLog::configure(OFLogger::ERROR_LOG_LEVEL);  // or its first use would set it up, for standard error
  replace_appenders(new JournalAppender(journal), wanted ? log4cplus::WARN_LOG_LEVEL : log4cplus::OFF_LOG_LEVEL);
}

DcmtkLog::~DcmtkLog() { replace_appenders(new log4cplus::NullAppender, log4cplus::OFF_LOG_LEVEL); }

}  // namespace fermata::dimse
