/* SPDX-License-Identifier: Apache-2.0 */
// The two ways to compute SDDMM, from floats and from numbers of 16 bits (pack/pack.h), with what becomes of the
// gradients as a parameter: GradientSink or SgdSink.
#pragma once

#include <type_traits>

#include "sddmm/sink.h"
#include "spmm/tiers.h"

namespace espalier {

/** Whether the gradient of the bias is summed beside the others: never from rounded numbers, see sddmm.cu. */
template <class T>
constexpr bool kSumsBias = std::is_same<T, float>::value;

/** @param bias_gradient null if kSumsBias does not hold */
template <class T, class Sink>
void sddmm_gather(Workspace& workspace, const Csr& pattern, RowsOf<const T> x, RowsOf<const T> dy, const Sink& sink,
                  float* bias_gradient);

/** @param block_rows what slab_rows says; tests say otherwise
    @param bias_gradient null if kSumsBias does not hold */
template <class T, class Sink>
void sddmm_slab(Workspace& workspace, const Csr& pattern, RowsOf<const T> x, RowsOf<const T> dy, const Sink& sink,
                float* bias_gradient, int32_t block_rows);

}  // namespace espalier
