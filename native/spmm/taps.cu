/* SPDX-License-Identifier: Apache-2.0 */
// SpMM of convolutions. It reads rows of images where they are, moved by as much as the tap of an entry says; single
// loads, since a moved row is aligned to nothing.
#include "spmm/taps.h"

#include "base/epilogue.h"

namespace espalier {
namespace {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kEach = 4;              // positions of a lane, 32 apart
constexpr int32_t kTile = 32 * kEach;  // positions of a warp
constexpr uint32_t kWarp = 0xffffffffu;

/** The entries of one row of the result in the forward product, those of a row of the weights. */
struct Forward {
  Csr weights;
  Taps taps;
  int32_t stride;  // of x

  struct Entries {
    int32_t begin;
    int32_t end;
  };

  __device__ __forceinline__ Entries entries(int32_t row) const {
    return {weights.row_start[row], weights.row_start[row + 1]};
  }

  /** Where entry k reads for position 0. */
  __device__ __forceinline__ int64_t offset(Entries&, int32_t k) const {
    return taps.offset(weights.column[k], stride);
  }
};

/** In the input gradient: those of the rows of the transposed copy whose taps read this row of the input. They are
    neighbours. */
struct Backward {
  Csr weights;
  Taps taps;
  int32_t stride;  // of dy

  struct Entries {
    int32_t begin;
    int32_t end;
    int32_t row;  // that the last entry asked for is in
    int32_t tap;  // of that row
  };

  __device__ __forceinline__ Entries entries(int32_t row) const {
    const int32_t channel = row / taps.phases;
    const int32_t phase = row % taps.phases;
    const int32_t tap = taps.first[phase];
    const int32_t first = channel * taps.count.value + tap;
    const int32_t rows = taps.first[phase + 1] - tap;
    return {weights.row_start[first], weights.row_start[first + rows], first, tap};
  }

  /** Called with ascending k. */
  __device__ __forceinline__ int64_t offset(Entries& entries, int32_t k) const {
    while (k >= weights.row_start[entries.row + 1]) {
      ++entries.row;
      ++entries.tap;
    }
    return static_cast<int64_t>(weights.column[k]) * stride - taps.taps[entries.tap].y;
  }
};

/**
 * A warp owns a row of y and 128 positions of it, a lane 4 of them, 32 apart: an entry costs it 4 loads, each of 128
 * bytes in a row, for 8 flops a lane. The warps of a block own neighbouring rows, which read much of the same rows of
 * x, so that the first-level cache answers for some; the second-level cache is the limit, and 4 entries are on their
 * way at a time.
 *
 * Lanes fetch 32 entries in one go, ahead of time, and hand them round in shared memory as values and distances from
 * the beginning of x. Places that are no pixels read nothing and become 0.
 */
template <class Product>
__global__ void __launch_bounds__(kThreads, 5)
    taps_kernel(Product product, const float* bias, const float* x, Images y, Epilogue epilogue, uint32_t row_blocks) {
  SIMT_SHARED(int64_t, offsets, 2 * kThreads);
  SIMT_SHARED(float, values, 2 * kThreads);
  const int lane = threadIdx.x % 32;
  const int slot = threadIdx.x - lane;
  const int32_t row = static_cast<int32_t>(blockIdx.x % row_blocks) * kWarps + slot / 32;
  if (row >= y.rows.rows) return;  // the whole warp
  const int32_t position = static_cast<int32_t>(blockIdx.x / row_blocks) * kTile + lane;
  bool pixel[kEach];
#pragma unroll
  for (int i = 0; i < kEach; ++i) pixel[i] = y.holds_pixel(position + 32 * i);

  auto entries = product.entries(row);
  const float* from = x + position;
  float sum[kEach] = {};
  int32_t k = entries.begin + lane;
  int64_t offset = k < entries.end ? product.offset(entries, k) : 0;
  float value = k < entries.end ? product.weights.values[k] : 0;
  int buffer = 0;  // alternates, so that one __syncwarp a round is enough
  for (int32_t base = entries.begin; base < entries.end; base += 32) {
    offsets[buffer + threadIdx.x] = offset;
    values[buffer + threadIdx.x] = value;
    __syncwarp(kWarp);
    k += 32;
    if (k < entries.end) {
      offset = product.offset(entries, k);
      value = product.weights.values[k];
    }
    const int count = entries.end - base < 32 ? entries.end - base : 32;
#pragma unroll 4
    for (int e = 0; e < count; ++e) {
      const float* at = from + offsets[buffer + slot + e];
      const float v = values[buffer + slot + e];
#pragma unroll
      for (int i = 0; i < kEach; ++i) {
        if (pixel[i]) sum[i] = fmaf(v, at[32 * i], sum[i]);
      }
    }
    buffer ^= kThreads;
  }

  const float b = bias == nullptr ? 0 : bias[row];
#pragma unroll
  for (int i = 0; i < kEach; ++i) {
    const int32_t p = position + 32 * i;
    if (p >= y.rows.stride) return;
    y.rows.row(row)[p] = pixel[i] ? finish(epilogue, sum[i] + b, row, p) : 0.0f;
  }
}

template <class Product>
void launch(Workspace& workspace, const Product& product, const float* bias, const float* x, const Images& y,
            const Epilogue& epilogue) {
  const int64_t row_blocks = (static_cast<int64_t>(y.rows.rows) + kWarps - 1) / kWarps;
  const int64_t tiles = (static_cast<int64_t>(y.rows.stride) + kTile - 1) / kTile;
  if (row_blocks * tiles == 0) return;
  SIMT_LAUNCH((taps_kernel<Product>), static_cast<uint32_t>(row_blocks * tiles), kThreads, 0, workspace.stream(),
              product, bias, x, y, epilogue, static_cast<uint32_t>(row_blocks));
}

}  // namespace

void spmm(Workspace& workspace, const Csr& weights, const Taps& taps, const float* bias, ConstRows x, Rows y,
          const Epilogue& epilogue) {
  launch(workspace, Forward{weights, taps, x.stride}, bias, x.data, {y, taps.output}, epilogue);
}

void spmm_transposed(Workspace& workspace, const Csr& transposed, const Taps& taps, ConstRows dy, Rows dx,
                     const Epilogue& epilogue) {
  launch(workspace, Backward{transposed, taps, dy.stride}, nullptr, dy.data, {dx, taps.input}, epilogue);
}

}  // namespace espalier
