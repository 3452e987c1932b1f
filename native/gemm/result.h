/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/epilogue.h"
#include "base/types.h"

namespace espalier {

/** Where a product goes, and what is done to it before. */
struct Result {
  float* data;
  size_t stride;
  int32_t rows;
  int32_t columns;
  bool quads;         // quads of columns stand on 16 bytes, and the last one of a row may be written as a whole; with an
                      // epilogue they do
  const float* bias;  // one for each row, or null
  Epilogue epilogue;

  /** Finishes and writes four elements of a row from a column on that is a multiple of 4. */
  __device__ __forceinline__ void write(int32_t row, int32_t column, float4 sum) const {
    const float add = bias ? bias[row] : 0.0f;
    float* to = data + static_cast<size_t>(row) * stride + column;
    const float4 value = finish(epilogue, make_float4(sum.x + add, sum.y + add, sum.z + add, sum.w + add), row, column);
    if (quads) {
      *reinterpret_cast<float4*>(to) = value;
      return;
    }
    to[0] = value.x;
    if (column + 1 < columns) to[1] = value.y;
    if (column + 2 < columns) to[2] = value.z;
    if (column + 3 < columns) to[3] = value.w;
  }
};

}  // namespace espalier
