/* SPDX-License-Identifier: Apache-2.0 */
// Rows of feature-major tensors, four positions (one 16-byte access) at a time. The last quad of a row may reach into
// its padding, which may hold anything and may be overwritten.
#pragma once

#include <algorithm>

#include "base/quad.h"
#include "base/types.h"
#include "device/device.h"

namespace espalier {

template <class Function>
__device__ __forceinline__ float4 map(float4 a, Function f) {
  return make_float4(f(a.x), f(a.y), f(a.z), f(a.w));
}

template <class Function>
__device__ __forceinline__ float4 map(float4 a, float4 b, Function f) {
  return make_float4(f(a.x, b.x), f(a.y, b.y), f(a.z, b.z), f(a.w, b.w));
}

/** One thread owns one quad (and those a whole grid of y further, in rows of more than 8 million positions), so that a
    warp reads and writes 512 bytes in a row. */
template <class Operation>
__global__ void quads_kernel(int32_t rows, int32_t positions, Operation operation) {
  const int64_t row = static_cast<int64_t>(blockIdx.x) * blockDim.y + threadIdx.y;
  if (row >= rows) return;
  const int64_t step = static_cast<int64_t>(4) * blockDim.x * gridDim.y;
  for (int64_t p = static_cast<int64_t>(4) * (blockIdx.y * blockDim.x + threadIdx.x); p < positions; p += step) {
    operation(static_cast<int32_t>(row), static_cast<int32_t>(p));
  }
}

/** Runs operation(row, position) for the first position of every quad; a struct with a __device__ operator(). */
template <class Operation>
void for_each_quad(device::Stream stream, int32_t rows, int32_t positions, const Operation& operation) {
  if (rows == 0 || positions == 0) return;
  constexpr uint32_t kThreads = 256;
  constexpr uint32_t kLargestY = 65535;
  const uint32_t quads = (static_cast<uint32_t>(positions) + 3) / 4;
  uint32_t width = 1;  // lanes along a row: short rows leave more of them to other rows
  while (width < quads && width < 32) width *= 2;
  const uint32_t height = kThreads / width;
  const dim3 grid((static_cast<uint32_t>(rows) + height - 1) / height,
                  std::min((quads + width - 1) / width, kLargestY));
  SIMT_LAUNCH(quads_kernel<Operation>, grid, dim3(width, height), 0, stream, rows, positions, operation);
}

}  // namespace espalier
