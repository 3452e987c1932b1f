/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fill.h"

namespace espalier {
namespace {

constexpr int32_t THREADS = 256;
constexpr int32_t ELEMENTS = 16;  // of a thread

/**
 * A block owns THREADS * ELEMENTS neighbouring floats, which it writes in turns of THREADS, so that a warp writes 128
 * bytes side by side. 4 bytes written for each element and nothing read: bound by memory.
 */
__global__ void __launch_bounds__(THREADS) fill_kernel(float* target, int64_t count, float value) {
  const int64_t begin = static_cast<int64_t>(blockIdx.x) * (THREADS * ELEMENTS);
  const int64_t end = count - begin < THREADS * ELEMENTS ? count : begin + THREADS * ELEMENTS;
  for (int64_t i = begin + threadIdx.x; i < end; i += THREADS) target[i] = value;
}

}  // namespace

void fill(Workspace& workspace, float* target, int64_t count, float value) {
  if (count == 0) return;
  const auto blocks = static_cast<uint32_t>((count + THREADS * ELEMENTS - 1) / (THREADS * ELEMENTS));
  SIMT_LAUNCH(fill_kernel, dim3(blocks), dim3(THREADS), 0, workspace.stream(), target, count, value);
}

}  // namespace espalier
