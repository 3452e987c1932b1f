/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/activation.h"
#include "base/types.h"

namespace espalier {

/** Where a product goes, and what is done to it before. */
struct Result {
  float* data;
  size_t stride;
  int32_t rows;
  int32_t columns;
  bool quads;         // quads of columns stand on 16 bytes, and the last one of a row may be written as a whole
  const float* bias;  // one for each row, or null
  Epilogue epilogue;

  /** Finishes and writes four elements of a row from a column on that is a multiple of 4. */
  __device__ __forceinline__ void write(int32_t row, int32_t column, float4 sum) const {
    const float add = bias ? bias[row] : 0.0f;
    float* to = data + static_cast<size_t>(row) * stride + column;
    const float4 value = make_float4(finished(row, column, sum.x + add), finished(row, column + 1, sum.y + add),
                                     finished(row, column + 2, sum.z + add), finished(row, column + 3, sum.w + add));
    if (quads) {
      *reinterpret_cast<float4*>(to) = value;
      return;
    }
    to[0] = value.x;
    if (column + 1 < columns) to[1] = value.y;
    if (column + 2 < columns) to[2] = value.z;
    if (column + 3 < columns) to[3] = value.w;
  }

 private:
  __device__ __forceinline__ float finished(int32_t row, int32_t column, float value) const {
    switch (epilogue.kind) {
      case EpilogueKind::None:
        return value;
      case EpilogueKind::Activate:
        return activate(epilogue.activation, value);
      case EpilogueKind::Gradient:  // a column in the padding reads padding of the output, which has the same shape
        return value * activation_gradient(epilogue.activation,
                                           epilogue.output[static_cast<size_t>(row) * epilogue.output_stride + column]);
    }
    return value;
  }
};

}  // namespace espalier
