/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/images.h"
#include "device/workspace.h"

namespace espalier {

/**
 * SpMM of a convolution: y[r,p] = f(bias[r] + sum over entries k of row r of values[k] * x[row(c), p + shift(c)]), c
 * being column[k]. Whole rows of y are written: 0 where there is no pixel, up to the stride. 2 flops for each entry and
 * pixel, and 4 bytes of x from the first- or second-level cache.
 *
 * @param x images, channels * phases rows; what taps reach beyond its ends may be read
 */
void spmm(Workspace& workspace, const Csr& weights, const Taps& taps, const float* bias, ConstRows x, Rows y,
          const Epilogue& epilogue);

/**
 * Input gradient of the same: dx[row(c), p + shift(c)] is the sum over the columns c that read it, and over their
 * entries k, of values[k] * dy[row[k],p]; then f.
 *
 * @param transposed a row for each column of the weights
 */
void spmm_transposed(Workspace& workspace, const Csr& transposed, const Taps& taps, ConstRows dy, Rows dx,
                     const Epilogue& epilogue);

}  // namespace espalier
