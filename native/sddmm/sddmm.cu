/* SPDX-License-Identifier: Apache-2.0 */
#include "sddmm/sddmm.h"
#include "sddmm/tiers.h"

namespace espalier {
namespace {

template <class Sink>
void run(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const Sink& sink, float* bias_gradient,
         Tier tier) {
  if (pattern.rows == 0) return;
  if (tier == Tier::Slab && dy.positions > 0) {
    sddmm_slab(workspace, pattern, x, dy, sink, bias_gradient, slab_rows(pattern.rows, dy.positions));
  } else {
    sddmm_gather(workspace, pattern, x, dy, sink, bias_gradient);
  }
}

}  // namespace

void sddmm(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, float* gradient, float* bias_gradient,
           Tier tier) {
  run(workspace, pattern, x, dy, GradientSink{gradient}, bias_gradient, resolve(tier, pattern, dy.positions, "sddmm"));
}

void sddmm_sgd(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const UpdatedWeights& weights,
               float* bias_gradient, const SgdRule& rule, Tier tier) {
  run(workspace, pattern, x, dy, SgdSink{weights, rule, workspace.halted()}, bias_gradient,
      resolve(tier, pattern, dy.positions, "sddmm_sgd"));
}

}  // namespace espalier
