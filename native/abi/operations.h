/* SPDX-License-Identifier: Apache-2.0 */
// One function for each operation: it checks the arguments of a command and returns what the command does.
#pragma once

#include <functional>

#include "abi/arguments.h"
#include "device/workspace.h"
#include "sddmm/sddmm.h"

namespace espalier {

/** What a command does, once it has been checked; may be run any number of times. */
using Work = std::function<void(Workspace&)>;

/** Addresses of what a fused step of SGD changes. */
struct UpdatedAddresses {
  int64_t values, velocity, transposed, slot;
};
UpdatedWeights updated_weights(const Arguments& arguments, const UpdatedAddresses& addresses, const Csr& pattern,
                               const SgdRule& rule);

/** The number of cells to grow: not more than are free. */
int32_t grown(const Arguments& arguments, const Csr& weights, int64_t kept, int64_t count);

Work copy_work(Arguments& arguments);
Work fill_work(Arguments& arguments);

Work spmm_work(Arguments& arguments);
Work sddmm_work(Arguments& arguments);
Work sddmm_sgd_work(Arguments& arguments);
Work gemm_work(Arguments& arguments);
Work gemm_transposed_work(Arguments& arguments);
Work gemm_gradient_work(Arguments& arguments);

Work spmm_taps_work(Arguments& arguments);
Work spmm_transposed_taps_work(Arguments& arguments);
Work sddmm_taps_work(Arguments& arguments);
Work sddmm_sgd_taps_work(Arguments& arguments);
Work gemm_taps_work(Arguments& arguments);
Work gemm_transposed_taps_work(Arguments& arguments);
Work gemm_gradient_taps_work(Arguments& arguments);
Work grow_gradient_taps_work(Arguments& arguments);

Work to_images_work(Arguments& arguments);
Work to_features_work(Arguments& arguments);
Work copy_images_work(Arguments& arguments);
Work add_images_work(Arguments& arguments);
Work split_work(Arguments& arguments);
Work join_work(Arguments& arguments);
Work max_pool_work(Arguments& arguments);
Work max_pool_gradient_work(Arguments& arguments);
Work average_pool_work(Arguments& arguments);
Work average_pool_gradient_work(Arguments& arguments);
Work normalize_work(Arguments& arguments);
Work normalize_fixed_work(Arguments& arguments);
Work normalize_gradient_work(Arguments& arguments);

Work gather_work(Arguments& arguments);
Work row_sums_work(Arguments& arguments);
Work activate_work(Arguments& arguments);
Work activate_gradient_work(Arguments& arguments);
Work srelu_work(Arguments& arguments);
Work srelu_gradient_work(Arguments& arguments);
Work dropout_work(Arguments& arguments);
Work cross_entropy_work(Arguments& arguments);
Work squared_error_work(Arguments& arguments);

Work sgd_work(Arguments& arguments);
Work sum_of_squares_work(Arguments& arguments);
Work sync_transposed_work(Arguments& arguments);

Work random_cells_work(Arguments& arguments);
Work prune_signwise_work(Arguments& arguments);
Work prune_magnitude_work(Arguments& arguments);
Work count_kept_work(Arguments& arguments);
Work grow_random_work(Arguments& arguments);
Work grow_gradient_work(Arguments& arguments);
Work rebuild_work(Arguments& arguments);
Work transpose_work(Arguments& arguments);
Work slabs_work(Arguments& arguments);
Work score_work(Arguments& arguments);
Work sum_of_magnitudes_work(Arguments& arguments);
Work positions_work(Arguments& arguments);

}  // namespace espalier
