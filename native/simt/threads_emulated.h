/* SPDX-License-Identifier: Apache-2.0 */
// What a thread of a kernel can ask the emulator: who it is, barriers, shared memory, copies in the background.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simt/vectors_emulated.h"

namespace simt {

// Constant as long as a thread lives, which is all that the compiler ever sees of them: it may ask once and remember.
__attribute__((const)) uint3 thread_index();
__attribute__((const)) uint3 block_index();
__attribute__((const)) dim3 block_size();
__attribute__((const)) dim3 grid_size();

/** Waits for all threads of the block that have not ended, which must come to the same place in the source. */
void block_barrier(const char* file, int line);

/** The array of this name in this block: 128-byte aligned, full of NaN at first, as long as asked for and no longer. */
void* shared_array(const void* name, size_t bytes);
void* dynamic_shared();

/** Starts to copy 16 bytes to shared memory; both addresses on 16-byte boundaries. Nothing arrives before the wait. */
void copy_async16(void* shared, const void* global);

/** Ends a group of copies of this thread. */
void copy_async_commit();

/** Waits for all groups of this thread but the last `groups`. */
void wait_for_copies(int groups);

template <int N>
inline void copy_async_wait() {
  wait_for_copies(N);
}

/** The order in which threads and blocks run from now on: 0 in order, otherwise shuffled, differently for every seed.
    Begins with environment variable ESPALIER_SCHEDULE, or 0. */
void set_schedule(uint64_t seed);

}  // namespace simt

#define threadIdx (::simt::thread_index())
#define blockIdx (::simt::block_index())
#define blockDim (::simt::block_size())
#define gridDim (::simt::grid_size())

inline void __syncthreads(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  simt::block_barrier(file, line);
}

#define SIMT_SHARED(type, name, count)    \
  static const char simt_name_##name = 0; \
  type* name = static_cast<type*>(::simt::shared_array(&simt_name_##name, sizeof(type) * (count)))

#define SIMT_DYNAMIC_SHARED(type, name) type* name = static_cast<type*>(::simt::dynamic_shared())
