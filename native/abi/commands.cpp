/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/commands.h"

#include <algorithm>

#include "base/error.h"

namespace espalier {
namespace {

struct Operation {
  int64_t opcode;
  const char* name;
  int64_t words;  // with the first one
  bool has_tail;  // more words may follow
  Work (*work)(Arguments&);
};

template <class T>
constexpr Operation operation(int64_t opcode, const char* name, Work (*work)(Arguments&), bool has_tail = false) {
  static_assert(sizeof(T) % sizeof(int64_t) == 0, "all members have 64 bits");
  return {opcode, name, 1 + static_cast<int64_t>(sizeof(T) / sizeof(int64_t)), has_tail, work};
}

const Operation OPERATIONS[] = {
    operation<esp_op_copy>(ESP_OP_COPY, "copy", copy_work),
    operation<esp_op_fill>(ESP_OP_FILL, "fill", fill_work),
    operation<esp_op_spmm>(ESP_OP_SPMM, "spmm", spmm_work),
    operation<esp_op_sddmm>(ESP_OP_SDDMM, "sddmm", sddmm_work),
    operation<esp_op_sddmm_sgd>(ESP_OP_SDDMM_SGD, "sddmm_sgd", sddmm_sgd_work),
    operation<esp_op_spmm_taps>(ESP_OP_SPMM_TAPS, "spmm_taps", spmm_taps_work),
    operation<esp_op_spmm_transposed_taps>(ESP_OP_SPMM_TRANSPOSED_TAPS, "spmm_transposed_taps", spmm_transposed_taps_work),
    operation<esp_op_sddmm_taps>(ESP_OP_SDDMM_TAPS, "sddmm_taps", sddmm_taps_work),
    operation<esp_op_sddmm_sgd_taps>(ESP_OP_SDDMM_SGD_TAPS, "sddmm_sgd_taps", sddmm_sgd_taps_work),
    operation<esp_op_gemm>(ESP_OP_GEMM, "gemm", gemm_work),
    operation<esp_op_gemm_transposed>(ESP_OP_GEMM_TRANSPOSED, "gemm_transposed", gemm_transposed_work),
    operation<esp_op_gemm_gradient>(ESP_OP_GEMM_GRADIENT, "gemm_gradient", gemm_gradient_work),
    operation<esp_op_gemm_taps>(ESP_OP_GEMM_TAPS, "gemm_taps", gemm_taps_work),
    operation<esp_op_gemm_transposed_taps>(ESP_OP_GEMM_TRANSPOSED_TAPS, "gemm_transposed_taps", gemm_transposed_taps_work),
    operation<esp_op_gemm_gradient_taps>(ESP_OP_GEMM_GRADIENT_TAPS, "gemm_gradient_taps", gemm_gradient_taps_work),
    operation<esp_op_gather>(ESP_OP_GATHER, "gather", gather_work),
    operation<esp_op_row_sums>(ESP_OP_ROW_SUMS, "row_sums", row_sums_work),
    operation<esp_op_activate>(ESP_OP_ACTIVATE, "activate", activate_work),
    operation<esp_op_activate_gradient>(ESP_OP_ACTIVATE_GRADIENT, "activate_gradient", activate_gradient_work),
    operation<esp_op_srelu>(ESP_OP_SRELU, "srelu", srelu_work),
    operation<esp_op_srelu_gradient>(ESP_OP_SRELU_GRADIENT, "srelu_gradient", srelu_gradient_work),
    operation<esp_op_dropout>(ESP_OP_DROPOUT, "dropout", dropout_work),
    operation<esp_op_cross_entropy>(ESP_OP_CROSS_ENTROPY, "cross_entropy", cross_entropy_work),
    operation<esp_op_squared_error>(ESP_OP_SQUARED_ERROR, "squared_error", squared_error_work),
    operation<esp_op_sgd>(ESP_OP_SGD, "sgd", sgd_work),
    operation<esp_op_sum_of_squares>(ESP_OP_SUM_OF_SQUARES, "sum_of_squares", sum_of_squares_work),
    operation<esp_op_sync_transposed>(ESP_OP_SYNC_TRANSPOSED, "sync_transposed", sync_transposed_work),
    operation<esp_op_to_images>(ESP_OP_TO_IMAGES, "to_images", to_images_work),
    operation<esp_op_to_features>(ESP_OP_TO_FEATURES, "to_features", to_features_work),
    operation<esp_op_copy_images>(ESP_OP_COPY_IMAGES, "copy_images", copy_images_work),
    operation<esp_op_add_images>(ESP_OP_ADD_IMAGES, "add_images", add_images_work),
    operation<esp_op_split>(ESP_OP_SPLIT, "split", split_work),
    operation<esp_op_join>(ESP_OP_JOIN, "join", join_work),
    operation<esp_op_pool>(ESP_OP_MAX_POOL, "max_pool", max_pool_work),
    operation<esp_op_max_pool_gradient>(ESP_OP_MAX_POOL_GRADIENT, "max_pool_gradient", max_pool_gradient_work),
    operation<esp_op_pool>(ESP_OP_AVERAGE_POOL, "average_pool", average_pool_work),
    operation<esp_op_average_pool_gradient>(ESP_OP_AVERAGE_POOL_GRADIENT, "average_pool_gradient", average_pool_gradient_work),
    operation<esp_op_normalize>(ESP_OP_NORMALIZE, "normalize", normalize_work),
    operation<esp_op_normalize_fixed>(ESP_OP_NORMALIZE_FIXED, "normalize_fixed", normalize_fixed_work),
    operation<esp_op_normalize_gradient>(ESP_OP_NORMALIZE_GRADIENT, "normalize_gradient", normalize_gradient_work),
    operation<esp_op_random_cells>(ESP_OP_RANDOM_CELLS, "random_cells", random_cells_work),
    operation<esp_op_prune_signwise>(ESP_OP_PRUNE_SIGNWISE, "prune_signwise", prune_signwise_work),
    operation<esp_op_prune_magnitude>(ESP_OP_PRUNE_MAGNITUDE, "prune_magnitude", prune_magnitude_work, true),
    operation<esp_op_count_kept>(ESP_OP_COUNT_KEPT, "count_kept", count_kept_work),
    operation<esp_op_grow_random>(ESP_OP_GROW_RANDOM, "grow_random", grow_random_work),
    operation<esp_op_grow_gradient>(ESP_OP_GROW_GRADIENT, "grow_gradient", grow_gradient_work),
    operation<esp_op_grow_gradient_taps>(ESP_OP_GROW_GRADIENT_TAPS, "grow_gradient_taps", grow_gradient_taps_work),
    operation<esp_op_rebuild>(ESP_OP_REBUILD, "rebuild", rebuild_work, true),
    operation<esp_op_transpose>(ESP_OP_TRANSPOSE, "transpose", transpose_work),
    operation<esp_op_slabs>(ESP_OP_SLABS, "slabs", slabs_work),
    operation<esp_op_score>(ESP_OP_SCORE, "score", score_work),
    operation<esp_op_sum_of_magnitudes>(ESP_OP_SUM_OF_MAGNITUDES, "sum_of_magnitudes", sum_of_magnitudes_work),
    operation<esp_op_positions>(ESP_OP_POSITIONS, "positions", positions_work),
};

const Operation* find(int64_t opcode) {
  for (const Operation& operation : OPERATIONS) {
    if (operation.opcode == opcode) return &operation;
  }
  return nullptr;
}

/** Finds the operation of a command and checks its length. */
const Operation& check_head(int64_t number, int64_t opcode, int64_t length, int64_t left) {
  const std::string name = "Command " + std::to_string(number);
  const Operation* operation = find(opcode);
  if (!operation) throw Error(ESP_BAD_ARGUMENT, name + " has the unknown opcode " + std::to_string(opcode) + ".");
  const std::string label = name + " (" + operation->name + ")";
  if (operation->has_tail ? length < operation->words : length != operation->words) {
    throw Error(ESP_BAD_ARGUMENT, label + " has " + std::to_string(length) + " words, but " +
                                      (operation->has_tail ? "at least " : "") + std::to_string(operation->words) +
                                      " were expected.");
  }
  if (length > left) {
    throw Error(ESP_BAD_ARGUMENT, label + " has " + std::to_string(length) + " words, but the submission ends after " +
                                      std::to_string(left) + " of them.");
  }
  return *operation;
}

}  // namespace

Program decode(const int64_t* words, int64_t count, const Surroundings& surroundings) {
  Program program;
  for (int64_t at = 0; at < count;) {
    const auto head = static_cast<uint64_t>(words[at]);
    const auto opcode = static_cast<int64_t>(head & UINT32_MAX);
    const auto length = static_cast<int64_t>(head >> 32);
    const auto number = static_cast<int64_t>(program.commands.size()) + 1;
    const Operation& operation = check_head(number, opcode, length, count - at);
    std::string label = "Command " + std::to_string(number) + " (" + operation.name + ")";
    Arguments arguments(label, words + at, length, surroundings);
    program.commands.push_back({std::move(label), operation.work(arguments)});
    program.recordable = program.recordable && opcode < ESP_OP_FIRST_TOPOLOGY;
    program.varying_needed = std::max(program.varying_needed, arguments.varying_needed());
    at += length;
  }
  return program;
}

}  // namespace espalier
