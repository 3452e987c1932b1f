/* SPDX-License-Identifier: Apache-2.0 */
// Shared memory of a block: every array a heap block of its own, so that AddressSanitizer sees the first element beyond
// it.
#include <cstdlib>
#include <cstring>

#include "simt/annotations_emulated.h"
#include "simt/scheduler_emulated.h"
#include "simt/threads_emulated.h"

namespace simt {
namespace {

constexpr char DYNAMIC = 0;   // its address is the name of the array that a launch asks for
constexpr int POISON = 0xff;  // four of them are a NaN

}  // namespace

void* shared_array(const void* name, size_t bytes) { return scheduler().shared_array(name, bytes); }

void* dynamic_shared() {
  const size_t bytes = scheduler().launch().shared_bytes;
  return bytes ? scheduler().shared_array(&DYNAMIC, bytes) : nullptr;
}

void copy_async16(void* shared, const void* global) { scheduler().copy_async(shared, global); }
void copy_async_commit() { scheduler().commit_copies(); }
void wait_for_copies(int groups) { scheduler().wait_for_copies(groups); }

void* Scheduler::shared_array(const void* name, size_t bytes) {
  size_t in_static_arrays = name == &DYNAMIC ? 0 : bytes;
  for (unsigned i = 0; i < shared_count_; ++i) {
    SharedArray& array = shared_[i];
    if (array.name == name) {
      acquire_edge(array.data);  // it was poisoned by the thread that came first
      return array.data;
    }
    if (array.name != &DYNAMIC) in_static_arrays += array.bytes;
  }
  if (in_static_arrays > STATIC_SHARED_BYTES) {
    fail("arrays in shared memory take %zu bytes, more than %zu; ask for more at the launch", in_static_arrays,
         STATIC_SHARED_BYTES);
  }
  if (in_static_arrays + launch_->shared_bytes > SHARED_BYTES) {
    fail("the block takes %zu bytes of shared memory, more than %zu", in_static_arrays + launch_->shared_bytes,
         SHARED_BYTES);
  }
  if (shared_count_ == sizeof(shared_) / sizeof(shared_[0]))
    fail("more than %u arrays in shared memory", shared_count_);
  void* data = nullptr;
  if (posix_memalign(&data, 128, bytes) != 0) fail("no memory for %zu bytes of shared memory", bytes);
  memset(data, POISON, bytes);
  release_edge(data);
  shared_[shared_count_++] = {name, static_cast<char*>(data), bytes};
  return data;
}

void Scheduler::free_shared() {
  for (unsigned i = 0; i < shared_count_; ++i) free(shared_[i].data);
  shared_count_ = 0;
}

// Nothing arrives before it is waited for, which is the latest that a GPU may take: who forgets to wait reads poison.
void Scheduler::copy_async(void* target, const void* source) {
  if ((reinterpret_cast<uintptr_t>(target) | reinterpret_cast<uintptr_t>(source)) % 16) {
    fail("copy_async16 from %p to %p: both addresses have to be multiples of 16", source, target);
  }
  bool shared = false;
  for (unsigned i = 0; i < shared_count_; ++i) {
    const char* data = shared_[i].data;
    shared |= target >= data && target < data + shared_[i].bytes;
  }
  if (!shared) fail("copy_async16 to %p, which is not in an array in shared memory", target);
  thread_->copies.push_back({target, source, thread_->copy_group});
}

void Scheduler::wait_for_copies(int groups) {
  Thread& thread = *thread_;
  size_t left = 0;
  for (PendingCopy& copy : thread.copies) {
    if (copy.group < thread.copy_group - groups) {
      copy16(copy.target, copy.source);
    } else {
      thread.copies[left++] = copy;
    }
  }
  thread.copies.resize(left);
  // memory goes back on the stack of events that took it, for the sake of ThreadSanitizer
  if (left == 0) std::vector<PendingCopy>().swap(thread.copies);
}

}  // namespace simt
