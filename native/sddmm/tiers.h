/* SPDX-License-Identifier: Apache-2.0 */
// The two ways to compute SDDMM, with what becomes of the gradients as a parameter: GradientSink or SgdSink.
#pragma once

#include "sddmm/sink.h"
#include "spmm/tiers.h"

namespace espalier {

template <class Sink>
void sddmm_gather(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const Sink& sink,
                  float* bias_gradient);

/** @param block_rows what slab_rows says; tests say otherwise */
template <class Sink>
void sddmm_slab(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const Sink& sink,
                float* bias_gradient, int32_t block_rows);

}  // namespace espalier
