/* SPDX-License-Identifier: Apache-2.0 */
#include <cmath>

#include "rows/rows.h"

namespace espalier {
namespace {

constexpr int kTile = 32;  // features and positions of a block
constexpr int kLines = 8;  // warps of a block; each moves every eighth line of the tile

/**
 * Transposes samples (position by position) into x (feature by feature), 8 bytes an element. A block owns a tile of 32
 * features x 32 positions: it reads 128 bytes in a row of every sample and writes 128 bytes in a row of every feature.
 * In between the tile stands in shared memory, whose rows are one element longer than a warp is wide: reading a column
 * of it then touches 32 different banks.
 */
__global__ void gather_kernel(const float* samples, const float* scaling, Rows x, uint32_t feature_tiles) {
  SIMT_SHARED(float, tile, kTile * (kTile + 1));
  const int64_t first_feature = static_cast<int64_t>(blockIdx.x % feature_tiles) * kTile;
  const int64_t first_position = static_cast<int64_t>(blockIdx.x / feature_tiles) * kTile;
  const int lane = threadIdx.x;
  const int64_t feature = first_feature + lane;
  for (int line = threadIdx.y; line < kTile; line += kLines) {
    const int64_t position = first_position + line;
    if (feature < x.rows && position < x.positions) {
      tile[line * (kTile + 1) + lane] = samples[static_cast<size_t>(position) * x.rows + feature];
    }
  }
  __syncthreads();
  const int64_t position = first_position + lane;
  for (int line = threadIdx.y; line < kTile; line += kLines) {
    const int64_t row = first_feature + line;
    if (row < x.rows && position < x.positions) {
      const float value = tile[lane * (kTile + 1) + line];
      x.row(static_cast<int32_t>(row))[position] =
          scaling ? fmaf(scaling[row], value, scaling[static_cast<size_t>(x.rows) + row]) : value;
    }
  }
}

}  // namespace

void gather(Workspace& workspace, const float* samples, const float* scaling, Rows x) {
  if (x.rows == 0 || x.positions == 0) return;
  const uint32_t feature_tiles = (static_cast<uint32_t>(x.rows) + kTile - 1) / kTile;
  const uint32_t position_tiles = (static_cast<uint32_t>(x.positions) + kTile - 1) / kTile;
  SIMT_LAUNCH(gather_kernel, dim3(feature_tiles * position_tiles), dim3(kTile, kLines), 0, workspace.stream(), samples,
              scaling, x, feature_tiles);
}

}  // namespace espalier
