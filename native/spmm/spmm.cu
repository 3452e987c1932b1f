/* SPDX-License-Identifier: Apache-2.0 */
#include <string>

#include "base/error.h"
#include "espalier.h"
#include "pack/pack.h"
#include "spmm/spmm.h"
#include "spmm/tiers.h"

namespace espalier {
namespace {

template <class T>
void run(Workspace& workspace, const Csr& weights, const float* bias, RowsOf<const T> x, Rows y,
         const Epilogue& epilogue, bool slab) {
  if (slab) {
    spmm_slab(workspace, weights, bias, x, y, epilogue, slab_rows<T>(weights.rows, y.positions));
  } else {
    spmm_gather(workspace, weights, bias, x, y, epilogue);
  }
}

}  // namespace

Tier resolve(Tier asked, const Csr& csr, int32_t positions, const char* operation) {
  if (asked == Tier::Auto) return slab_pays<float>(csr, positions) ? Tier::Slab : Tier::Gather;
  if (asked == Tier::Auto16) return slab_pays<Bfloat16>(csr, positions) ? Tier::Slab16 : Tier::Gather16;
  if (uses_slabs(asked) && csr.slabs == nullptr) {
    throw Error(ESP_BAD_ARGUMENT,
                std::string(operation) + ": the slab tier needs the slab index of the matrix, but it is null.");
  }
  return asked;
}

void spmm(Workspace& workspace, const Csr& weights, const float* bias, ConstRows x, Rows y, const Epilogue& epilogue,
          Tier tier) {
  const Tier chosen = resolve(tier, weights, y.positions, "spmm");
  if (weights.rows == 0 || y.positions == 0) return;
  if (reads_16_bits(chosen)) {
    // Each product packs what it reads, even if another one of the step did so before: nothing is to be kept in step.
    const PackedRows packed = pack(workspace, x, workspace.operands_of<Bfloat16>(packed_size(x)));
    run(workspace, weights, bias, packed, y, epilogue, uses_slabs(chosen));
  } else {
    run(workspace, weights, bias, x, y, epilogue, uses_slabs(chosen));
  }
}

}  // namespace espalier
