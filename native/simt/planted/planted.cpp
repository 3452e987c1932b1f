/* SPDX-License-Identifier: Apache-2.0 */
// Kernels with a bug in each, which the emulator or a sanitizer has to find: planted <bug>. The tests expect the
// message.
#include <cmath>
#include <cstring>

#include "simt/simt.h"
#include "test/check.h"

using namespace espalier;
using test::Array;

namespace {

__global__ void missing_barrier(const float* input, float* output) {
  SIMT_SHARED(float, all, 256);
  const int thread = static_cast<int>(threadIdx.x);
  all[thread] = input[thread];
  output[thread] = all[(thread + 33) % 256];
}

__global__ void missing_syncwarp(const float* input, float* output) {
  SIMT_SHARED(float, all, 32);
  const int thread = static_cast<int>(threadIdx.x);
  all[thread] = input[thread];
  __shfl_sync(0xffffffffu, thread, 0);  // lanes meet, but memory is not ordered by it
  output[thread] = all[(thread + 3) % 32];
}

__global__ void racing_blocks(float* output) {
  if (threadIdx.x == 0) output[0] = static_cast<float>(blockIdx.x);
}

__global__ void copy_without_barrier(const float* input, float* output) {
  SIMT_SHARED(float, tile, 4 * 32);
  const int thread = static_cast<int>(threadIdx.x);
  simt::copy_async16(tile + 4 * thread, input + 4 * thread);
  simt::copy_async_commit();
  simt::copy_async_wait<0>();
  output[thread] = tile[4 * ((thread + 1) % 32)];
}

__global__ void shared_overrun(float* output) {
  SIMT_SHARED(float, one_short, 255);
  one_short[threadIdx.x] = 1;
  output[threadIdx.x] = one_short[threadIdx.x];
}

__global__ void global_overrun(float* output) { output[threadIdx.x + 1] = 1; }

__global__ void divergent_barrier(float* output) {
  if (blockIdx.x == 1 && threadIdx.x % 2) {
    __syncthreads();
    output[threadIdx.x] = 1;
  } else {
    __syncthreads();
  }
}

__global__ void absent_lane(int* output) {
  const int thread = static_cast<int>(threadIdx.x);
  if (thread != 3) output[thread] = __shfl_sync(0xffffu, thread, 0);
  __syncthreads();
}

__global__ void ended_lane(int* output) {
  if (threadIdx.x == 31) return;
  __syncthreads();
  output[threadIdx.x] = __any_sync(0xffffffffu, 1);
}

__global__ void lane_outside_mask(int* output) { output[threadIdx.x] = __all_sync(0xffffu, 1); }

__global__ void different_operations(int* output) {
  const int thread = static_cast<int>(threadIdx.x);
  output[thread] = thread < 16 ? __shfl_sync(0xffffffffu, thread, 0) : static_cast<int>(__ballot_sync(0xffffffffu, 1));
}

__global__ void copy_not_awaited(const float* input, float* output) {
  SIMT_SHARED(float, tile, 4 * 32);
  if (threadIdx.x == 5) simt::copy_async16(tile, input);
  simt::copy_async_commit();
  output[threadIdx.x] = 0;
}

__global__ void copy_misaligned(const float* input) {
  SIMT_SHARED(float, tile, 8);
  simt::copy_async16(tile, input + 1);
}

__global__ void copy_to_global(const float* input, float* output) { simt::copy_async16(output, input); }

__global__ void too_much_static_shared(int* output) {
  SIMT_SHARED(int, first, 48 * 1024 / 4);
  SIMT_SHARED(int, second, 1);
  first[0] = second[0] = output[0];
}

__global__ void nothing(int) {}

class Planted {
 public:
  explicit Planted(const char* bug) : bug_(bug) {}

  int run() {
    device::Stream stream = workspace_.stream();
    if (is("missing_barrier")) return missing();
    if (is("missing_syncwarp")) SIMT_LAUNCH(missing_syncwarp, 1, 32, 0, stream, input_.data(), output_.data());
    if (is("racing_blocks")) SIMT_LAUNCH(racing_blocks, 2, 32, 0, stream, output_.data());
    if (is("copy_without_barrier")) SIMT_LAUNCH(copy_without_barrier, 1, 32, 0, stream, input_.data(), output_.data());
    if (is("shared_overrun")) SIMT_LAUNCH(shared_overrun, 1, 256, 0, stream, output_.data());
    if (is("global_overrun")) SIMT_LAUNCH(global_overrun, 1, 256, 0, stream, output_.data());
    if (is("divergent_barrier")) SIMT_LAUNCH(divergent_barrier, 2, 64, 0, stream, output_.data());
    if (is("absent_lane")) SIMT_LAUNCH(absent_lane, 1, 16, 0, stream, numbers_.data());
    if (is("ended_lane")) SIMT_LAUNCH(ended_lane, 1, 32, 0, stream, numbers_.data());
    if (is("lane_outside_mask")) SIMT_LAUNCH(lane_outside_mask, 1, 32, 0, stream, numbers_.data());
    if (is("different_operations")) SIMT_LAUNCH(different_operations, 1, 32, 0, stream, numbers_.data());
    if (is("copy_not_awaited")) SIMT_LAUNCH(copy_not_awaited, 1, 32, 0, stream, input_.data(), output_.data());
    if (is("copy_misaligned")) SIMT_LAUNCH(copy_misaligned, 1, 1, 0, stream, input_.data());
    if (is("copy_to_global")) SIMT_LAUNCH(copy_to_global, 1, 1, 0, stream, input_.data(), output_.data());
    if (is("too_much_static_shared")) SIMT_LAUNCH(too_much_static_shared, 1, 1, 0, stream, numbers_.data());
    if (is("block_too_large")) SIMT_LAUNCH(nothing, 1, 1025, 0, stream, 0);
    if (is("grid_too_large")) SIMT_LAUNCH(nothing, dim3(1, 65536), 1, 0, stream, 0);
    if (is("grid_empty")) SIMT_LAUNCH(nothing, dim3(0), 1, 0, stream, 0);
    if (is("too_much_shared")) SIMT_LAUNCH(nothing, 1, 1, 227 * 1024 + 1, stream, 0);
    if (is("released_twice")) released_twice();
    return 0;
  }

 private:
  bool is(const char* bug) const { return strcmp(bug_, bug) == 0; }

  // Without a sanitizer the bug still shows: shared memory starts as NaN.
  int missing() {
    SIMT_LAUNCH(missing_barrier, 1, 256, 0, workspace_.stream(), input_.data(), output_.data());
    int wrong = 0;
    for (float value : output_.values()) wrong += value != 1.0f;
    if (wrong) fprintf(stderr, "%d of 256 values are wrong\n", wrong);
    return wrong ? 1 : 0;
  }

  void released_twice() {
    void* address = device::allocate(workspace_.stream(), 16);
    device::release(workspace_.stream(), address);
    device::release(workspace_.stream(), address);
  }

  const char* bug_;
  test::TestWorkspace workspace_;
  Array<float> input_{workspace_, 256, 1.0f};
  Array<float> output_{workspace_, 256, 0.0f};
  Array<int> numbers_{workspace_, 256, 0};
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 0;
  return Planted(arguments[1]).run();
}
