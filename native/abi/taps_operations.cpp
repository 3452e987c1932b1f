/* SPDX-License-Identifier: Apache-2.0 */
// Commands of convolutions: products, and growth by gradient, of weights whose columns are taps.
#include "abi/operations.h"
#include "gemm/taps.h"
#include "grow/grow.h"
#include "sddmm/taps.h"
#include "spmm/taps.h"

namespace espalier {
namespace {

/** Checks that columns are whole channels, and returns how many rows the input has. */
int64_t input_rows(const Arguments& arguments, const Taps& taps, int64_t columns) {
  arguments.equal("the number of columns modulo taps.count", columns % taps.count.value, "a whole channel", 0);
  return columns / taps.count.value * taps.phases;
}

/** The weights of dense products: columns for each channel of the input. */
int64_t columns_of(const Arguments& arguments, const Taps& taps, int32_t input_rows) {
  arguments.equal("the rows of the input modulo taps.phases", input_rows % taps.phases, "a whole channel", 0);
  return arguments.size("the number of columns", static_cast<int64_t>(input_rows / taps.phases) * taps.count.value);
}

void check_positions(const Arguments& arguments, int32_t x, int32_t y) {
  arguments.equal("the positions of the input", x, "those of the output", y);
}

/** The operands of a gradient with respect to weights. */
struct Gradient {
  Taps taps;
  ConstRows x;
  ConstRows dy;

  Gradient(const Arguments& arguments, const esp_taps& words, const esp_rows& x_words, const esp_rows& dy_words)
      : taps(arguments.taps(words)),
        x(arguments.within_reach("x", x_words, taps.input, words.reach)),
        dy(read_only(arguments.images("dy", dy_words, taps.output).rows)) {
    check_positions(arguments, x.positions, dy.positions);
  }

  void check(const Arguments& arguments, const Csr& matrix) const {
    arguments.equal("x.rows", x.rows, "the number of rows that columns read",
                    input_rows(arguments, taps, matrix.columns));
    arguments.equal("dy.rows", dy.rows, "the number of rows", matrix.rows);
  }
};

}  // namespace

Work spmm_taps_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_spmm_taps>();
  const Taps taps = arguments.taps(command.taps);
  const Csr weights = arguments.csr("weights", command.weights, true);
  const ConstRows x = arguments.within_reach("x", command.x, taps.input, command.taps.reach);
  const Rows y = arguments.target("y", command.y, taps.output).rows;
  arguments.equal("x.rows", x.rows, "the number of rows that columns read",
                  input_rows(arguments, taps, weights.columns));
  arguments.equal("y.rows", y.rows, "weights.rows", weights.rows);
  check_positions(arguments, x.positions, y.positions);
  const float* bias = arguments.optional<const float>("bias", command.bias, y.rows);
  const Epilogue epilogue = arguments.epilogue(command.epilogue, y);
  return [=](Workspace& workspace) { spmm(workspace, weights, taps, bias, x, y, epilogue); };
}

Work spmm_transposed_taps_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_spmm_transposed_taps>();
  const Taps taps = arguments.taps(command.taps);
  const Csr transposed = arguments.csr("transposed", command.transposed, true);
  const ConstRows dy = arguments.within_reach("dy", command.dy, taps.output, command.taps.reach);
  const Rows dx = arguments.target("dx", command.dx, taps.input).rows;
  arguments.equal("dy.rows", dy.rows, "transposed.columns", transposed.columns);
  arguments.equal("dx.rows", dx.rows, "the number of rows that columns read",
                  input_rows(arguments, taps, transposed.rows));
  check_positions(arguments, dx.positions, dy.positions);
  const Epilogue epilogue = arguments.epilogue(command.epilogue, dx);
  return [=](Workspace& workspace) { spmm_transposed(workspace, transposed, taps, dy, dx, epilogue); };
}

Work sddmm_taps_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_sddmm_taps>();
  const Csr pattern = arguments.csr("pattern", command.pattern, false);
  const Gradient of(arguments, command.taps, command.x, command.dy);
  of.check(arguments, pattern);
  float* gradient = arguments.array<float>("gradient", command.gradient, pattern.nnz);
  float* bias_gradient = arguments.optional<float>("bias_gradient", command.bias_gradient, pattern.rows);
  return [=](Workspace& workspace) { sddmm(workspace, pattern, of.taps, of.x, of.dy, gradient, bias_gradient); };
}

Work sddmm_sgd_taps_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_sddmm_sgd_taps>();
  const Csr pattern = arguments.csr("weights", command.weights, true);
  const Gradient of(arguments, command.taps, command.x, command.dy);
  of.check(arguments, pattern);
  const SgdRule rule = arguments.rule(command.rule, false);
  const UpdatedWeights weights =
      updated_weights(arguments, {command.weights.values, command.velocity, command.transposed, command.slot}, pattern,
                      rule);
  float* bias_gradient = arguments.optional<float>("bias_gradient", command.bias_gradient, pattern.rows);
  return [=](Workspace& workspace) {
    sddmm_sgd(workspace, pattern, of.taps, of.x, of.dy, weights, bias_gradient, rule);
  };
}

Work gemm_taps_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_gemm_taps>();
  const Taps taps = arguments.taps(command.taps);
  const ConstRows x = arguments.within_reach("x", command.x, taps.input, command.taps.reach);
  const Rows y = arguments.target("y", command.y, taps.output).rows;
  check_positions(arguments, x.positions, y.positions);
  const int64_t columns = columns_of(arguments, taps, x.rows);
  const float* weights = arguments.array<const float>("weights", command.weights, y.rows * columns);
  const float* bias = arguments.optional<const float>("bias", command.bias, y.rows);
  const Epilogue epilogue = arguments.epilogue(command.epilogue, y);
  return [=](Workspace& workspace) { gemm(workspace, weights, taps, bias, x, y, epilogue); };
}

Work gemm_transposed_taps_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_gemm_transposed_taps>();
  const Taps taps = arguments.taps(command.taps);
  const ConstRows dy = arguments.within_reach("dy", command.dy, taps.output, command.taps.reach);
  const Rows dx = arguments.target("dx", command.dx, taps.input).rows;
  check_positions(arguments, dx.positions, dy.positions);
  const int64_t columns = columns_of(arguments, taps, dx.rows);
  const float* weights = arguments.array<const float>("weights", command.weights, dy.rows * columns);
  const Epilogue epilogue = arguments.epilogue(command.epilogue, dx);
  return [=](Workspace& workspace) { gemm_transposed(workspace, weights, taps, dy, dx, epilogue); };
}

Work gemm_gradient_taps_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_gemm_gradient_taps>();
  const Gradient of(arguments, command.taps, command.x, command.dy);
  const int64_t columns = columns_of(arguments, of.taps, of.x.rows);
  float* gradient = arguments.array<float>("gradient", command.gradient, of.dy.rows * columns);
  return [=](Workspace& workspace) { gemm_gradient(workspace, of.taps, of.x, of.dy, gradient); };
}

Work grow_gradient_taps_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_grow_gradient_taps>();
  const Csr weights = arguments.csr("weights", command.weights, false);
  const Gradient of(arguments, command.taps, command.x, command.dy);
  of.check(arguments, weights);
  const auto* keep = arguments.array<const int32_t>("keep", command.keep, weights.nnz);
  const int64_t kept = arguments.size("kept", command.kept, weights.nnz);
  const int32_t count = grown(arguments, weights, kept, command.count);
  auto* positions = arguments.array<int64_t>("positions", command.positions, count);
  return [=](Workspace& workspace) {
    grow_gradient(workspace, weights, of.taps, keep, kept, of.x, of.dy, count, positions);
  };
}

}  // namespace espalier
