/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/images.h"
#include "device/workspace.h"

namespace espalier {

// The dense products of a convolution with K columns of weights; x holds K / taps * phases rows. What taps reach beyond
// the ends of x or dy may be read. Results that are images are written as whole rows: 0 where there is no pixel.

/** Forward: y[r,p] = f(bias[r] + sum over c of weights[r * K + c] * x[row(c), p + shift(c)]); bias may be null. */
void gemm(Workspace& workspace, const float* weights, const Taps& taps, const float* bias, ConstRows x, Rows y,
          const Epilogue& epilogue);

/** Input gradient: dx[row(c), p + shift(c)] is the sum over the columns c that read it, and over r, of
    weights[r * K + c] * dy[r,p]; then f. */
void gemm_transposed(Workspace& workspace, const float* weights, const Taps& taps, ConstRows dy, Rows dx,
                     const Epilogue& epilogue);

/** Weight gradient: gradient[r * K + c] = sum over p of dy[r,p] * x[row(c), p + shift(c)]; dy is 0 where there is no
    pixel. */
void gemm_gradient(Workspace& workspace, const Taps& taps, ConstRows x, ConstRows dy, float* gradient);

}  // namespace espalier
