/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/images.h"
#include "device/workspace.h"

namespace espalier {

/** Writes count distinct numbers of [0, cells), ascending: the first images of the permutation that belongs to the key,
    sorted, so all numbers if count is cells. */
void random_cells(Workspace& workspace, int64_t cells, int32_t count, int64_t key, int64_t* positions);

/** Writes count canonical positions, ascending, drawn uniformly among the cells without a surviving connection: random
    ranks among these cells (random_cells), each turned into the position of the free cell of that rank. */
void grow_random(Workspace& workspace, const Csr& weights, const int32_t* keep, int64_t kept, int32_t count,
                 int64_t key, int64_t* positions);

/**
 * Writes the positions, ascending, of the count cells without a surviving connection whose gradients, sum over p of
 * dy[r,p] * x[c,p], are the largest in magnitude; of equal ones those that come first. NaN is larger than all numbers.
 *
 * A gradient is summed in the order of the positions, from 0 on, product and sum rounded each, so that every backend
 * finds the same cells. Two or three times the 2 * rows * columns * positions flops of the dense gradient, more if very
 * many gradients are equal; nothing of its size is stored.
 */
void grow_gradient(Workspace& workspace, const Csr& weights, const int32_t* keep, int64_t kept, ConstRows x,
                   ConstRows dy, int32_t count, int64_t* positions);

/** The same of a convolution: column c reads x[row(c), p + shift(c)]. The sums go over all positions; where there is no
    pixel, dy is 0 and x finite, which changes no sum. */
void grow_gradient(Workspace& workspace, const Csr& weights, const Taps& taps, const int32_t* keep, int64_t kept,
                   ConstRows x, ConstRows dy, int32_t count, int64_t* positions);

}  // namespace espalier
