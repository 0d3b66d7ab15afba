#include "core/progress.h"

#include <cstdio>
#include <unistd.h>

namespace surrogate
{

std::string clockText(double seconds)
{
    const long s = seconds > 0 ? long(seconds + 0.5) : 0;
    char text[32];
    std::snprintf(text, sizeof text, "%02ld:%02ld:%02ld", s/3600, s/60%60, s%60);
    return text;
}

Progress::Progress(std::string what, std::int64_t total, std::int64_t from, double plainInterval)
:
    what_(std::move(what)), total_(total), from_(from), interval_(plainInterval),
    terminal_(isatty(STDOUT_FILENO)), start_(Clock::now()), last_(start_)
{
    if (terminal_) interval_ = 0.2;
}

Progress::~Progress()
{
    if (terminal_ && shown_) std::printf("\n");
}

void Progress::update(std::int64_t done, const std::string& message)
{
    const auto now = Clock::now();
    if (done < total_ && std::chrono::duration<double>(now - last_).count() < interval_) return;
    last_ = now;
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    const double rate = elapsed > 0 ? double(done - from_)/elapsed : 0;
    std::string bar;
    if (terminal_)
    {
        const int width = 24, filled = int(width*done/(total_ > 0 ? total_ : 1));
        bar = " [" + std::string(filled, '=') + std::string(width - filled, ' ') + "]";
    }
    std::printf("%s%s%s %ld/%ld  %.3g/s  left %s  %s%s", terminal_ ? "\r" : "", what_.c_str(), bar.c_str(), long(done),
        long(total_), rate, rate > 0 ? clockText(double(total_ - done)/rate).c_str() : "?", message.c_str(),
        terminal_ ? "\033[K" : "\n");
    std::fflush(stdout);
    shown_ = true;
}

void Progress::note(const std::string& line)
{
    std::printf("%s%s%s\n", terminal_ ? "\r" : "", line.c_str(), terminal_ ? "\033[K" : "");
    std::fflush(stdout);
}

} // namespace surrogate
