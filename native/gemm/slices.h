/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <algorithm>
#include <cstdint>

namespace espalier {

/** Blocks that occupy a large device. Not a property of the device at hand, on which sums must not depend. */
constexpr int64_t kEnoughBlocks = 128;

/** Terms below which a slice costs more, as a partial sum to write and read again, than it gains. */
constexpr int32_t kShortestSlice = 64;

/** How the sums of a dense product are cut. */
struct SumSlices {
  int32_t count;
  int32_t depth;  // terms of each but the last
};

/**
 * Slices of whole tiles of terms, when there would be few blocks without them; otherwise one. Decided from the shape
 * alone.
 *
 * @param blocks of one slice
 * @param depth terms of a sum
 * @param tile_depth terms that a block brings to shared memory at a time
 */
inline SumSlices sum_slices(int64_t blocks, int32_t depth, int32_t tile_depth) {
  const int64_t wanted = std::min<int64_t>((kEnoughBlocks + blocks - 1) / blocks, depth / kShortestSlice);
  if (wanted <= 1) return {1, depth};
  const int64_t share = (depth + wanted - 1) / wanted;
  const auto each = static_cast<int32_t>((share + tile_depth - 1) / tile_depth * tile_depth);
  return {(depth - 1) / each + 1, each};
}

}  // namespace espalier
