/* SPDX-License-Identifier: Apache-2.0 */
#include "simt/launch_emulated.h"

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "simt/scheduler_emulated.h"
#include "simt/threads_emulated.h"

namespace simt {
namespace {

thread_local std::unique_ptr<Scheduler> owned_scheduler;

std::atomic<uint64_t>& seed() {
  static std::atomic<uint64_t> value([] {
    const char* text = getenv("ESPALIER_SCHEDULE");
    return text ? strtoull(text, nullptr, 10) : 0ull;
  }());
  return value;
}

std::string text(const dim3& size) {
  return "(" + std::to_string(size.x) + "," + std::to_string(size.y) + "," + std::to_string(size.z) + ")";
}

[[noreturn]] void refuse(const Launch& launch, const std::string& why) {
  fprintf(stderr, "SIMT emulator: kernel %s was launched with %s\n", launch.kernel, why.c_str());
  abort();
}

void check(const Launch& launch) {
  const dim3& grid = launch.grid;
  const dim3& block = launch.block;
  if (block.x == 0 || block.y == 0 || block.z == 0 || block.z > 64 ||
      static_cast<uint64_t>(block.x) * block.y * block.z > BLOCK_THREADS) {
    refuse(launch, "a block of " + text(block) + " threads: 1 to 1024 are possible, at most 64 of them in z");
  }
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535) {
    refuse(launch, "a grid of " + text(grid) + " blocks: at least 1, at most 2147483647 in x and 65535 in y and z");
  }
  if (static_cast<double>(grid.x) * grid.y * grid.z > 0xffffffffu) {
    refuse(launch, "a grid of " + text(grid) + " blocks, more than the emulator can count");
  }
  if (launch.shared_bytes > SHARED_BYTES) {
    refuse(launch, std::to_string(launch.shared_bytes) + " bytes of shared memory, more than the " +
                       std::to_string(SHARED_BYTES) + " of a block");
  }
}

}  // namespace

__thread Scheduler* current_scheduler = nullptr;

Scheduler& own_scheduler() {
  if (!current_scheduler) {
    owned_scheduler.reset(new Scheduler());
    current_scheduler = owned_scheduler.get();
  }
  return *current_scheduler;
}

uint3 thread_index() { return scheduler().thread().index; }
uint3 block_index() { return scheduler().block(); }
dim3 block_size() { return scheduler().launch().block; }
dim3 grid_size() { return scheduler().launch().grid; }
void block_barrier(const char* file, int line) { scheduler().barrier(file, line); }

void set_schedule(uint64_t value) { seed() = value; }
uint64_t schedule() { return seed(); }

void run(const Launch& launch) {
  check(launch);
  own_scheduler().run(launch);
}

void enqueue(Stream stream, Work work) {
  if (stream && stream->recording) {
    stream->recording->push_back(std::move(work));
  } else {
    work();
  }
}

void fail(const char* format, ...) {
  const Scheduler& here = scheduler();
  const uint3& block = here.block();
  const uint3& thread = here.thread().index;
  fprintf(stderr, "SIMT emulator: kernel %s, block (%u,%u,%u), thread (%u,%u,%u): ", here.launch().kernel, block.x,
          block.y, block.z, thread.x, thread.y, thread.z);
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  abort();
}

}  // namespace simt
