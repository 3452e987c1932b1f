/* SPDX-License-Identifier: Apache-2.0 */
// Four positions of a row, one access of 16 bytes. The last quad of a row may reach into its padding, which may hold
// anything and may be overwritten.
#pragma once

#include <cmath>

#include "base/types.h"

namespace espalier {

__device__ __forceinline__ float4 load_quad(const float* row, int32_t position) {
  return *reinterpret_cast<const float4*>(row + position);
}

__device__ __forceinline__ void store_quad(float* row, int32_t position, float4 quad) {
  *reinterpret_cast<float4*>(row + position) = quad;
}

/** The quad with 0 in place of padding, for sums over positions. */
__device__ __forceinline__ float4 without_padding(float4 quad, int32_t position, int32_t positions) {
  const int32_t count = positions - position;
  return make_float4(count > 0 ? quad.x : 0, count > 1 ? quad.y : 0, count > 2 ? quad.z : 0, count > 3 ? quad.w : 0);
}

/** sum += factor * quad. */
__device__ __forceinline__ void multiply_add(float4& sum, float factor, float4 quad) {
  sum.x = fmaf(factor, quad.x, sum.x);
  sum.y = fmaf(factor, quad.y, sum.y);
  sum.z = fmaf(factor, quad.z, sum.z);
  sum.w = fmaf(factor, quad.w, sum.w);
}

/** sum + a.x * b.x + ... + a.w * b.w, in this order. */
__device__ __forceinline__ float dot(float4 a, float4 b, float sum) {
  return fmaf(a.w, b.w, fmaf(a.z, b.z, fmaf(a.y, b.y, fmaf(a.x, b.x, sum))));
}

}  // namespace espalier
