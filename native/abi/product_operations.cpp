/* SPDX-License-Identifier: Apache-2.0 */
// Commands of the matrix products.
#include "abi/operations.h"
#include "dense_tier/dense_tier.h"
#include "gemm/gemm.h"
#include "sddmm/sddmm.h"
#include "spmm/spmm.h"

namespace espalier {
namespace {

/** Checks the operands of a gradient with respect to a sparse matrix. */
void check_gradient(const Arguments& arguments, const Csr& matrix, const ConstRows& x, const ConstRows& dy) {
  arguments.equal("x.rows", x.rows, "the number of columns", matrix.columns);
  arguments.equal("dy.rows", dy.rows, "the number of rows", matrix.rows);
  arguments.equal("dy.positions", dy.positions, "x.positions", x.positions);
}

bool written_out(Tier tier) { return tier == Tier::Dense || tier == Tier::Tensor; }

vendor::Precision precision(Tier tier) {
  return tier == Tier::Tensor ? vendor::Precision::Tf32 : vendor::Precision::Single;
}

int64_t cells(int32_t rows, int32_t columns) { return static_cast<int64_t>(rows) * columns; }

}  // namespace

UpdatedWeights updated_weights(const Arguments& arguments, const UpdatedAddresses& addresses, const Csr& pattern,
                               const SgdRule& rule) {
  UpdatedWeights weights = {};
  weights.values = arguments.array<float>("weights.values", addresses.values, pattern.nnz);
  weights.velocity = arguments.optional<float>("velocity", addresses.velocity, pattern.nnz);
  arguments.expect(weights.velocity || pattern.nnz == 0 || rule.momentum == 0, "velocity", "is 0, but momentum is not");
  weights.transposed = arguments.optional<float>("transposed", addresses.transposed, pattern.nnz);
  if (weights.transposed) weights.slot = arguments.array<const int32_t>("slot", addresses.slot, pattern.nnz);
  return weights;
}

Work spmm_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_spmm>();
  const Csr weights = arguments.csr("weights", command.weights, true);
  const ConstRows x = arguments.source("x", command.x);
  const Rows y = arguments.rows("y", command.y);
  arguments.equal("x.rows", x.rows, "weights.columns", weights.columns);
  arguments.equal("y.rows", y.rows, "weights.rows", weights.rows);
  arguments.equal("y.positions", y.positions, "x.positions", x.positions);
  const float* bias = arguments.optional<const float>("bias", command.bias, y.rows);
  const Epilogue epilogue = arguments.epilogue(command.epilogue, y);
  const Tier tier = arguments.tier(command.tier, weights);
  if (written_out(tier)) {
    return [=](Workspace& workspace) { spmm_dense(workspace, weights, bias, x, y, epilogue, precision(tier)); };
  }
  return [=](Workspace& workspace) { spmm(workspace, weights, bias, x, y, epilogue, tier); };
}

Work sddmm_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_sddmm>();
  const Csr pattern = arguments.csr("pattern", command.pattern, false);
  const ConstRows x = arguments.source("x", command.x);
  const ConstRows dy = arguments.source("dy", command.dy);
  check_gradient(arguments, pattern, x, dy);
  float* gradient = arguments.array<float>("gradient", command.gradient, pattern.nnz);
  float* bias_gradient = arguments.optional<float>("bias_gradient", command.bias_gradient, pattern.rows);
  const Tier tier = arguments.tier(command.tier, pattern);
  if (written_out(tier)) {
    return [=](Workspace& workspace) {
      sddmm_dense(workspace, pattern, x, dy, gradient, bias_gradient, precision(tier));
    };
  }
  return [=](Workspace& workspace) { sddmm(workspace, pattern, x, dy, gradient, bias_gradient, tier); };
}

Work sddmm_sgd_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_sddmm_sgd>();
  const Csr pattern = arguments.csr("weights", command.weights, true);
  const ConstRows x = arguments.source("x", command.x);
  const ConstRows dy = arguments.source("dy", command.dy);
  check_gradient(arguments, pattern, x, dy);
  const SgdRule rule = arguments.rule(command.rule, false);
  const UpdatedWeights weights =
      updated_weights(arguments, {command.weights.values, command.velocity, command.transposed, command.slot}, pattern,
                      rule);
  float* bias_gradient = arguments.optional<float>("bias_gradient", command.bias_gradient, pattern.rows);
  const Tier tier = arguments.tier(command.tier, pattern);
  if (written_out(tier)) {
    return [=](Workspace& workspace) {
      sddmm_sgd_dense(workspace, pattern, x, dy, weights, bias_gradient, rule, precision(tier));
    };
  }
  return [=](Workspace& workspace) { sddmm_sgd(workspace, pattern, x, dy, weights, bias_gradient, rule, tier); };
}

Work gemm_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_gemm>();
  const ConstRows x = arguments.source("x", command.x);
  const Rows y = arguments.rows("y", command.y);
  arguments.equal("y.positions", y.positions, "x.positions", x.positions);
  const float* weights = arguments.array<const float>("weights", command.weights, cells(y.rows, x.rows));
  const float* bias = arguments.optional<const float>("bias", command.bias, y.rows);
  const Epilogue epilogue = arguments.epilogue(command.epilogue, y);
  return [=](Workspace& workspace) { gemm(workspace, weights, bias, x, y, epilogue); };
}

Work gemm_transposed_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_gemm_transposed>();
  const ConstRows dy = arguments.source("dy", command.dy);
  const Rows dx = arguments.rows("dx", command.dx);
  arguments.equal("dx.positions", dx.positions, "dy.positions", dy.positions);
  const float* weights = arguments.array<const float>("weights", command.weights, cells(dy.rows, dx.rows));
  const Epilogue epilogue = arguments.epilogue(command.epilogue, dx);
  return [=](Workspace& workspace) { gemm_transposed(workspace, weights, dy, dx, epilogue); };
}

Work gemm_gradient_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_gemm_gradient>();
  const ConstRows x = arguments.source("x", command.x);
  const ConstRows dy = arguments.source("dy", command.dy);
  arguments.equal("dy.positions", dy.positions, "x.positions", x.positions);
  float* gradient = arguments.array<float>("gradient", command.gradient, cells(dy.rows, x.rows));
  return [=](Workspace& workspace) { gemm_gradient(workspace, x, dy, gradient); };
}

}  // namespace espalier
