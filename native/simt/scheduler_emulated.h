/* SPDX-License-Identifier: Apache-2.0 */
// Runs one block of a kernel at a time: every CUDA thread is a fiber, which runs until it has to wait for others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "simt/fiber_emulated.h"
#include "simt/launch_emulated.h"
#include "simt/warp_emulated.h"

namespace simt {

constexpr unsigned BLOCK_THREADS = 1024;
constexpr unsigned WARP_LANES = 32;
constexpr unsigned BLOCK_WARPS = BLOCK_THREADS / WARP_LANES;
constexpr size_t STATIC_SHARED_BYTES = 48 * 1024;
constexpr size_t SHARED_BYTES = 227 * 1024;

/** A collective that some lanes of a warp have come to, or that some have yet to leave with their result. */
struct Meeting {
  Collective operation;
  uint32_t mask;
  uint32_t arrived;  // 0 as soon as all have come
  uint32_t unread;   // lanes that have yet to leave
  uint32_t votes;
  uint64_t values[WARP_LANES];
};

struct Warp {
  uint32_t ended;
  uint32_t busy;  // meetings in use
  Meeting meetings[WARP_LANES];
};

struct PendingCopy {
  void* target;
  const void* source;
  int group;
};

struct Thread {
  uint3 index;
  unsigned linear;
  Fiber* fiber;
  const Meeting* meeting;    // it waits in, or null
  const char* barrier_file;  // the barrier it waits at, or null
  int copy_group;
  std::vector<PendingCopy> copies;
};

struct SharedArray {
  const void* name;
  char* data;
  size_t bytes;
};

/** Threads that can go on, in the order in which they will. */
class ReadyQueue {
 public:
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }
  void push_back(Thread* thread) { threads_[(first_ + size_++) % BLOCK_THREADS] = thread; }
  void push_front(Thread* thread) {
    first_ = (first_ + BLOCK_THREADS - 1) % BLOCK_THREADS;
    ++size_;
    threads_[first_] = thread;
  }
  Thread* pop_front() {
    Thread* thread = threads_[first_];
    first_ = (first_ + 1) % BLOCK_THREADS;
    --size_;
    return thread;
  }

 private:
  Thread* threads_[BLOCK_THREADS];
  unsigned first_ = 0;
  unsigned size_ = 0;
};

/** A stream of random bits. Only order depends on them. */
class OrderBits {
 public:
  void seed(uint64_t seed) { state_ = seed; }
  uint64_t next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
  }
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>((next() >> 32) * bound >> 32); }

 private:
  uint64_t state_ = 0;
};

/** The emulated multiprocessor of one thread of the operating system. Its fibers are kept from launch to launch. */
class Scheduler {
 public:
  Scheduler();
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  void run(const Launch& launch);

  // For the running thread.
  const Thread& thread() const { return *thread_; }
  const uint3& block() const { return block_; }
  const Launch& launch() const { return *launch_; }
  bool running() const { return launch_ != nullptr; }
  void barrier(const char* file, int line);
  uint64_t meet(Collective operation, uint32_t mask, uint64_t value, int source);
  void* shared_array(const void* name, size_t bytes);
  void copy_async(void* target, const void* source);
  void commit_copies() { ++thread_->copy_group; }
  void wait_for_copies(int groups);

 private:
  static void run_threads();
  void run_block(uint32_t number);
  void order_threads();
  Thread* choose();
  void start(Thread& thread);
  void end_thread();
  void go_on(Fiber& here);
  void wait();
  void wake(Thread& thread);
  void open_barrier();
  Meeting& meeting(uint32_t mask, uint32_t lane);
  void complete(Warp& warp, Meeting& meeting);
  uint64_t leave(Warp& warp, Meeting& meeting, int source);
  [[noreturn]] void report_deadlock();
  Fiber* take_fiber();
  void free_shared();
  void* edge(size_t number) { return edges_ ? edges_ + 8 * number : nullptr; }

  const Launch* launch_ = nullptr;
  uint3 block_{};
  Thread* thread_ = nullptr;
  bool shuffled_ = false;
  OrderBits order_bits_;
  uint64_t launches_ = 0;

  std::unique_ptr<Thread[]> threads_;
  std::unique_ptr<Warp[]> warps_;
  std::vector<uint32_t> order_;
  unsigned count_ = 0;    // threads of the block
  unsigned started_ = 0;  // so many of the order
  unsigned alive_ = 0;
  ReadyQueue ready_;

  unsigned waiting_ = 0;  // at the barrier
  unsigned barriers_ = 0;
  const char* barrier_file_ = nullptr;
  int barrier_line_ = 0;

  SharedArray shared_[WARP_LANES];
  unsigned shared_count_ = 0;

  Fiber main_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;  // those that no thread runs on
  uint64_t next_fiber_ = 0;

  // Addresses that stand for "happens before" between threads. They are of the block alone, so that ThreadSanitizer
  // takes blocks for what they are: unordered.
  std::unique_ptr<char[]> edge_memory_;
  char* edges_ = nullptr;
  char launch_begins_ = 0;
  char block_ends_ = 0;
};

/** The scheduler of the calling thread of the operating system, made when it is first wanted. */
Scheduler& own_scheduler();

// Every question of a kernel goes through this pointer, so it must not cost a call.
extern __thread Scheduler* current_scheduler __attribute__((tls_model("initial-exec")));

/** The scheduler that runs the calling kernel. */
inline Scheduler& scheduler() { return *current_scheduler; }

/** The seed that set_schedule was given last. */
uint64_t schedule();

/** Ends the program with a sentence about the running kernel, block and thread. */
[[noreturn]] void fail(const char* format, ...) __attribute__((format(printf, 1, 2)));

const char* name_of(Collective operation);

/** Copies 16 bytes where sanitizers see it, as an access of the calling thread. */
void copy16(void* target, const void* source);

}  // namespace simt
