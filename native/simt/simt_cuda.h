/* SPDX-License-Identifier: Apache-2.0 */
// The macros of simt.h on CUDA. Host code sees only the types.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace simt {

using Stream = cudaStream_t;

/** A GPU runs threads in its own order. */
inline void set_schedule(uint64_t) {}

}  // namespace simt

#ifdef __CUDACC__

#define SIMT_LAUNCH(kernel, grid, block, shared_bytes, stream, ...)     \
  do {                                                                  \
    ::simt::allow_shared(kernel, shared_bytes);                         \
    kernel<<<(grid), (block), (shared_bytes), (stream)>>>(__VA_ARGS__); \
  } while (0)

#define SIMT_SHARED(type, name, count) __shared__ type name[count]

#define SIMT_DYNAMIC_SHARED(type, name)                           \
  extern __shared__ __align__(128) unsigned char simt_dynamic_[]; \
  type* name = reinterpret_cast<type*>(simt_dynamic_)

namespace simt {

/** More than 48 KB of dynamic shared memory must be asked for, per kernel. A failure shows at the launch that follows. */
template <class... Parameters>
inline void allow_shared(void (*kernel)(Parameters...), size_t bytes) {
  if (bytes > 48 * 1024) {
    cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize,
                         static_cast<int>(bytes));
  }
}

/** Starts to copy 16 bytes to shared memory; both addresses on 16-byte boundaries. */
__device__ __forceinline__ void copy_async16(void* shared, const void* global) {
  const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(address), "l"(global) : "memory");
}

/** Ends a group of copies of this thread. */
__device__ __forceinline__ void copy_async_commit() { asm volatile("cp.async.commit_group;\n" ::: "memory"); }

/** Waits for all groups of this thread but the last N. Other threads see the data after a barrier. */
template <int N>
__device__ __forceinline__ void copy_async_wait() {
  asm volatile("cp.async.wait_group %0;\n" ::"n"(N) : "memory");
}

}  // namespace simt

#endif
