/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/images.h"
#include "device/device.h"

namespace espalier {

constexpr int kPixelThreads = 256;
constexpr int32_t kPixelTurns = 4;  // positions of a thread

/** A block owns 1024 neighbouring positions of a row, which it writes in turns of 256, so that a warp writes 128 bytes
    in a row; what it reads is mostly as close together. */
template <class Operation>
__global__ void __launch_bounds__(kPixelThreads) pixels_kernel(Images y, uint32_t row_blocks, Operation operation) {
  const int32_t row = static_cast<int32_t>(blockIdx.x / row_blocks);
  int32_t position = static_cast<int32_t>(blockIdx.x % row_blocks) * (kPixelThreads * kPixelTurns) + threadIdx.x;
  float* to = y.rows.row(row);
  for (int32_t turn = 0; turn < kPixelTurns && position < y.rows.stride; ++turn, position += kPixelThreads) {
    const Pixel pixel = y.grid.pixel(position);
    const bool counts = position < y.rows.positions && y.grid.inside(pixel);
    to[position] = counts ? operation(row, pixel) : 0.0f;
  }
}

/** Writes operation(row, pixel) to every pixel of y, and 0 everywhere else; a struct with a __device__ operator(). */
template <class Operation>
void for_each_pixel(device::Stream stream, const Images& y, const Operation& operation) {
  constexpr uint32_t kBlock = kPixelThreads * kPixelTurns;
  const uint32_t row_blocks = (static_cast<uint32_t>(y.rows.stride) + kBlock - 1) / kBlock;
  const int64_t blocks = static_cast<int64_t>(y.rows.rows) * row_blocks;
  if (blocks == 0) return;
  SIMT_LAUNCH(pixels_kernel<Operation>, dim3(static_cast<uint32_t>(blocks)), dim3(kPixelThreads), 0, stream, y,
              row_blocks, operation);
}

/** What is below 0 becomes 0. NaN comes through. */
__device__ __forceinline__ float rectified(float value, bool relu) { return relu && value <= 0 ? 0.0f : value; }

}  // namespace espalier
