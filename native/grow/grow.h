/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** Writes count distinct numbers of [0, cells), ascending: the first images of the permutation that belongs to the key,
    sorted, so all numbers if count is cells. */
void random_cells(Workspace& workspace, int64_t cells, int32_t count, int64_t key, int64_t* positions);

/** Writes count canonical positions, ascending, drawn uniformly among the cells without a surviving connection: random
    ranks among these cells (random_cells), each turned into the position of the free cell of that rank. */
void grow_random(Workspace& workspace, const Csr& weights, const int32_t* keep, int64_t kept, int32_t count,
                 int64_t key, int64_t* positions);

}  // namespace espalier
