/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** Columns of a slab: as many rows of x, 128 bytes wide, are staged in shared memory at a time. */
constexpr int32_t SLAB_COLUMNS = 512;

__host__ __device__ inline int32_t slab_count(int32_t columns) { return (columns + SLAB_COLUMNS - 1) / SLAB_COLUMNS; }

/** Number of int32 of the slab index of a matrix. */
inline int64_t slab_words(int64_t rows, int64_t columns) {
  return ((columns + SLAB_COLUMNS - 1) / SLAB_COLUMNS + 1) * rows;
}

/**
 * Writes where the entries of each row and slab begin: slabs[s * rows + r] is the first entry of row r whose column is at
 * least s * SLAB_COLUMNS; slab slab_count(columns) is the end of the row. Columns ascend inside a row, so the entries of a
 * row and slab are neighbours and the matrix itself needs no other order.
 */
void index_slabs(Workspace& workspace, const Csr& csr, int32_t* slabs);

}  // namespace espalier
