/* SPDX-License-Identifier: Apache-2.0 */
#include <string>

#include "base/error.h"
#include "espalier.h"
#include "spmm/spmm.h"
#include "spmm/tiers.h"

namespace espalier {

Tier resolve(Tier asked, const Csr& csr, int32_t positions, const char* operation) {
  if (asked == Tier::Auto) return slab_pays(csr, positions) ? Tier::Slab : Tier::Gather;
  if (asked == Tier::Slab && csr.slabs == nullptr) {
    throw Error(ESP_BAD_ARGUMENT,
                std::string(operation) + ": the slab tier needs the slab index of the matrix, but it is null.");
  }
  return asked;
}

void spmm(Workspace& workspace, const Csr& weights, const float* bias, ConstRows x, Rows y, const Epilogue& epilogue,
          Tier tier) {
  const Tier chosen = resolve(tier, weights, y.positions, "spmm");
  if (weights.rows == 0 || y.positions == 0) return;
  if (chosen == Tier::Slab) {
    spmm_slab(workspace, weights, bias, x, y, epilogue, slab_rows(weights.rows, y.positions));
  } else {
    spmm_gather(workspace, weights, bias, x, y, epilogue);
  }
}

}  // namespace espalier
