/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/**
 * SpMM: y[r,p] = f(bias[r] + sum over entries k of row r of values[k] * x[column[k],p]).
 *
 * 2 nnz n flops. Every entry reads n floats of x, from shared memory (slab tier) or the second-level cache (gather tier).
 *
 * @param bias M floats or null
 * @param x K x n
 * @param y M x n, overwritten; does not overlap x
 * @param tier not a dense one; those with slabs need weights.slabs, those of 16 bits read x rounded to bfloat16
 */
void spmm(Workspace& workspace, const Csr& weights, const float* bias, ConstRows x, Rows y, const Epilogue& epilogue, Tier tier);

}  // namespace espalier
