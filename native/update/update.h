/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** A step of momentum SGD on n values; velocity may be null. Does nothing when the workspace is halted. */
void sgd(Workspace& workspace, float* values, const float* gradient, float* velocity, int64_t n, const SgdRule& rule);

/** *result = sum of squares of n floats, in double precision and an order that depends on n only. */
void sum_of_squares(Workspace& workspace, const float* values, int64_t n, double* result);

/** to[slot[k]] = from[k]. */
void sync_transposed(Workspace& workspace, const float* from, float* to, const int32_t* slot, int64_t nnz);

}  // namespace espalier
