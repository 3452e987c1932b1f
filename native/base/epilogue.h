/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/activation.h"
#include "base/quad.h"
#include "base/types.h"

namespace espalier {

/** What the epilogue makes of four neighbouring elements of a product. Both kinds are the same for a whole launch, so
   the branches cost next to nothing. */
__device__ __forceinline__ float4 finish(const Epilogue& epilogue, float4 product, int32_t row, int32_t position) {
  if (epilogue.kind == EpilogueKind::None) return product;
  const Activation f = epilogue.activation;
  if (epilogue.kind == EpilogueKind::Activate) {
    return make_float4(activate(f, product.x), activate(f, product.y), activate(f, product.z), activate(f, product.w));
  }
  const float4 at = load_quad(epilogue.output + static_cast<size_t>(row) * epilogue.output_stride, position);
  return make_float4(product.x * activation_gradient(f, at.x), product.y * activation_gradient(f, at.y),
                     product.z * activation_gradient(f, at.z), product.w * activation_gradient(f, at.w));
}

/** The same of one element. */
__device__ __forceinline__ float finish(const Epilogue& epilogue, float product, int32_t row, int32_t position) {
  if (epilogue.kind == EpilogueKind::None) return product;
  if (epilogue.kind == EpilogueKind::Activate) return activate(epilogue.activation, product);
  const float at = epilogue.output[static_cast<size_t>(row) * epilogue.output_stride + position];
  return product * activation_gradient(epilogue.activation, at);
}

}  // namespace espalier
