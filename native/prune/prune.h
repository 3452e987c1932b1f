/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <vector>

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/**
 * SET's pruning: marks the floor(fraction * n) smallest of the n positive values and as many, in their own proportion,
 * of the negative ones nearest to zero. Zeros of both signs and NaN count as positive; ties go in canonical order.
 *
 * @param keep nnz flags, overwritten: 1 stays, 0 goes
 * @param pruned one number in device memory: how many go
 */
void prune_signwise(Workspace& workspace, const float* values, int32_t nnz, double fraction, int32_t* keep,
                    int64_t* pruned);

/** The values of a layer, and where its nnz flags go: 1 stays, 0 goes. */
struct PruneLayer {
  const float* values;
  int32_t nnz;
  int32_t* keep;
};

/** Marks the `count` values of smallest magnitude among all layers together. NaN is larger than all numbers; ties go in
    the order of the layers, then in canonical order. */
void prune_magnitude(Workspace& workspace, const std::vector<PruneLayer>& layers, int64_t count);

/** *kept = number of flags that are 1. */
void count_kept(Workspace& workspace, const int32_t* keep, int32_t nnz, int64_t* kept);

}  // namespace espalier
