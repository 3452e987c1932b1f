/* SPDX-License-Identifier: Apache-2.0 */
#include "simt/scheduler_emulated.h"

#include <utility>

#include "simt/annotations_emulated.h"
#include "simt/threads_emulated.h"

namespace simt {

Scheduler::Scheduler() : threads_(new Thread[BLOCK_THREADS]()), warps_(new Warp[BLOCK_WARPS]()) {
  order_.resize(BLOCK_THREADS);
  idle_.reserve(BLOCK_THREADS);
}

Scheduler::~Scheduler() = default;

void Scheduler::run(const Launch& launch) {
  if (launch_) fail("a kernel cannot launch another one");
  launch_ = &launch;
  count_ = launch.block.x * launch.block.y * launch.block.z;
  const uint64_t seed = schedule();
  shuffled_ = seed != 0;
  order_bits_.seed(seed + 0x632BE59BD9B4E019u * ++launches_);
  release_edge(&launch_begins_);
  const uint32_t blocks = launch.grid.x * launch.grid.y * launch.grid.z;
  std::vector<uint32_t> order;
  if (shuffled_) {
    order.resize(blocks);
    for (uint32_t i = 0; i < blocks; ++i) order[i] = i;
    for (uint32_t i = blocks; i > 1; --i) std::swap(order[i - 1], order[order_bits_.below(i)]);
  }
  for (uint32_t i = 0; i < blocks; ++i) run_block(shuffled_ ? order[i] : i);
  launch_ = nullptr;
}

void Scheduler::run_block(uint32_t number) {
  const dim3& grid = launch_->grid;
  block_ = {number % grid.x, number / grid.x % grid.y, number / grid.x / grid.y};
  started_ = waiting_ = 0;
  alive_ = count_;
  for (unsigned w = 0; w * WARP_LANES < count_; ++w) {
    const unsigned lanes = count_ - w * WARP_LANES;
    warps_[w].ended = lanes < WARP_LANES ? ~0u << lanes : 0;  // lanes that never were
  }
  order_threads();
  if (races_are_watched()) {
    edge_memory_.reset(new char[8 * (2 + BLOCK_THREADS)]);
    edges_ = edge_memory_.get();
    while (fibers_.size() <= count_) fibers_.emplace_back(new Fiber(&Scheduler::run_threads, fibers_.size()));
  }
  go_on(main_);
  acquire_edge(&block_ends_);
  free_shared();
}

void Scheduler::order_threads() {
  for (unsigned i = 0; i < count_; ++i) order_[i] = i;
  if (!shuffled_) return;
  for (unsigned i = count_; i > 1; --i) std::swap(order_[i - 1], order_[order_bits_.below(i)]);
}

// What every fiber does: it runs the thread that was chosen, then the next one. As long as threads end without having
// had to wait for others, they all run on the same fiber, one after the other, and nothing is ever switched.
void Scheduler::run_threads() {
  Scheduler& self = scheduler();
  for (;;) {
    acquire_edge(&self.launch_begins_);
    self.launch_->body();
    Fiber& here = *self.thread_->fiber;
    self.end_thread();
    if (self.alive_) {
      self.go_on(here);
    } else {
      Fiber::change(here, self.main_);
    }
  }
}

void Scheduler::end_thread() {
  Thread& thread = *thread_;
  if (!thread.copies.empty()) fail("the thread ends without having waited for its asynchronous copies");
  release_edge(&block_ends_);
  warps_[thread.linear / WARP_LANES].ended |= 1u << thread.linear % WARP_LANES;
  if (!races_are_watched()) idle_.push_back(thread.fiber);
  --alive_;
  if (waiting_ && waiting_ == alive_) open_barrier();
}

// Runs the next thread. Returns when the fiber `here` is to go on, with the thread that was chosen for it.
void Scheduler::go_on(Fiber& here) {
  Thread* next = choose();
  if (!next) report_deadlock();
  thread_ = next;
  if (!next->fiber) next->fiber = take_fiber();
  if (next->fiber != &here) Fiber::change(here, *next->fiber);
}

Thread* Scheduler::choose() {
  const bool unstarted = started_ < count_;
  if (unstarted && (ready_.empty() || (shuffled_ && order_bits_.next() >> 63))) {
    Thread& thread = threads_[order_[started_]];
    thread.linear = order_[started_++];
    start(thread);
    return &thread;
  }
  return ready_.empty() ? nullptr : ready_.pop_front();
}

void Scheduler::start(Thread& thread) {
  const dim3& block = launch_->block;
  const unsigned linear = thread.linear;
  thread.index = {linear, 0, 0};
  if (linear >= block.x) thread.index = {linear % block.x, linear / block.x % block.y, linear / block.x / block.y};
  thread.fiber = nullptr;
  thread.meeting = nullptr;
  thread.barrier_file = nullptr;
  thread.copy_group = 0;
}

// A fiber that ThreadSanitizer knows is one line of events. It runs one thread of a block, and another thread of the
// next one, so that neither threads nor blocks look ordered to it.
Fiber* Scheduler::take_fiber() {
  if (races_are_watched()) return fibers_[next_fiber_++ % fibers_.size()].get();
  if (idle_.empty()) {
    fibers_.emplace_back(new Fiber(&Scheduler::run_threads, fibers_.size()));
    return fibers_.back().get();
  }
  Fiber* fiber = idle_.back();
  idle_.pop_back();
  return fiber;
}

void Scheduler::wait() { go_on(*thread_->fiber); }

// In order, a thread that can go on does so before others, which keeps a warp together.
void Scheduler::wake(Thread& thread) {
  thread.meeting = nullptr;
  thread.barrier_file = nullptr;
  if (shuffled_ && order_bits_.next() >> 63) {
    ready_.push_back(&thread);
  } else {
    ready_.push_front(&thread);
  }
}

void Scheduler::barrier(const char* file, int line) {
  if (waiting_ == 0) {
    barrier_file_ = file;
    barrier_line_ = line;
  } else if (line != barrier_line_ || __builtin_strcmp(file, barrier_file_) != 0) {
    fail("divergent barrier: the thread came to __syncthreads() at %s:%d while %u others wait for it at %s:%d", file,
         line, waiting_, barrier_file_, barrier_line_);
  }
  void* all_came = edge(barriers_ & 1);
  release_edge(all_came);
  if (++waiting_ == alive_) {
    open_barrier();
  } else {
    thread_->barrier_file = file;
    wait();
  }
  acquire_edge(all_came);
}

void Scheduler::open_barrier() {
  waiting_ = 0;
  ++barriers_;
  for (unsigned i = count_; i-- > 0;) {
    Thread& thread = threads_[order_[i]];
    if (thread.barrier_file) wake(thread);
  }
}

void Scheduler::report_deadlock() {
  for (unsigned i = 0; i < count_; ++i) {
    thread_ = &threads_[i];
    const Meeting* meeting = thread_->meeting;
    if (!meeting) continue;
    fail("deadlock: the thread waits in %s for lanes 0x%08x of mask 0x%08x, which never come; of %u threads that have "
         "not ended, %u wait at a barrier",
         name_of(meeting->operation), meeting->mask & ~meeting->arrived, meeting->mask, alive_, waiting_);
  }
  fail("deadlock");  // not reached: a barrier with all threads opens
}

}  // namespace simt
