/* SPDX-License-Identifier: Apache-2.0 */
// Commands that change parameters: optimizer steps, and everything about the topology.
#include "abi/operations.h"

#include <cmath>

#include "grow/grow.h"
#include "prune/prune.h"
#include "score/score.h"
#include "spmm/slabs.h"
#include "update/update.h"

namespace espalier {
namespace {

constexpr int64_t LIMIT = INT64_C(1) << 40;  // of elements of a parameter, of cells of a matrix: 2^20 squared

}  // namespace

int32_t grown(const Arguments& arguments, const Csr& weights, int64_t kept, int64_t count) {
  const int64_t free_cells = static_cast<int64_t>(weights.rows) * weights.columns - kept;
  return arguments.size("count", count, free_cells < INT32_MAX ? free_cells : INT32_MAX);
}

Work sgd_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_sgd>();
  const int64_t n = arguments.long_size("n", command.n, LIMIT);
  auto* values = arguments.array<float>("values", command.values, n);
  const auto* gradient = arguments.array<const float>("gradient", command.gradient, n);
  auto* velocity = arguments.optional<float>("velocity", command.velocity, n);
  const SgdRule rule = arguments.rule(command.rule, true);
  arguments.expect(velocity || n == 0 || rule.momentum == 0, "velocity", "is 0, but momentum is not");
  return [=](Workspace& workspace) { sgd(workspace, values, gradient, velocity, n, rule); };
}

Work sum_of_squares_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_sum_of_squares>();
  const int64_t n = arguments.long_size("n", command.n, LIMIT);
  const auto* values = arguments.array<const float>("values", command.values, n);
  auto* result = arguments.array<double>("result", command.result, 1);
  return [=](Workspace& workspace) { sum_of_squares(workspace, values, n, result); };
}

Work sync_transposed_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_sync_transposed>();
  const int32_t nnz = arguments.size("nnz", command.nnz);
  const auto* from = arguments.array<const float>("from", command.from, nnz);
  auto* to = arguments.array<float>("to", command.to, nnz);
  const auto* slot = arguments.array<const int32_t>("slot", command.slot, nnz);
  return [=](Workspace& workspace) { sync_transposed(workspace, from, to, slot, nnz); };
}

Work random_cells_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_random_cells>();
  const int64_t cells = arguments.long_size("cells", command.cells, INT64_MAX);
  const int32_t count = arguments.size("count", command.count, cells < INT32_MAX ? cells : INT32_MAX);
  auto* positions = arguments.array<int64_t>("positions", command.positions, count);
  const int64_t key = command.key;
  return [=](Workspace& workspace) { random_cells(workspace, cells, count, key, positions); };
}

Work prune_signwise_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_prune_signwise>();
  const int32_t nnz = arguments.size("nnz", command.nnz);
  const auto* values = arguments.array<const float>("values", command.values, nnz);
  double fraction;
  memcpy(&fraction, &command.fraction, sizeof(fraction));
  arguments.expect(fraction >= 0 && fraction <= 1, "fraction", "is not within 0 and 1");
  auto* keep = arguments.array<int32_t>("keep", command.keep, nnz);
  auto* pruned = arguments.array<int64_t>("pruned", command.pruned, 1);
  return [=](Workspace& workspace) { prune_signwise(workspace, values, nnz, fraction, keep, pruned); };
}

Work prune_magnitude_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_prune_magnitude>();
  const int64_t words = arguments.tail_words<esp_op_prune_magnitude>();
  arguments.equal("layer_count", command.layer_count, "the number of triples that follow", words / 3);
  arguments.expect(words % 3 == 0, "layer_count", "is followed by a part of a triple");
  const int64_t* triples = arguments.tail<esp_op_prune_magnitude>();
  std::vector<PruneLayer> layers;
  int64_t total = 0;
  for (int64_t i = 0; i < command.layer_count; ++i) {
    const std::string name = "layer[" + std::to_string(i) + "]";
    const int32_t nnz = arguments.size(name + ".nnz", triples[3 * i + 1]);
    total += nnz;
    layers.push_back({arguments.array<const float>(name + ".values", triples[3 * i], nnz), nnz,
                      arguments.array<int32_t>(name + ".keep", triples[3 * i + 2], nnz)});
  }
  const int64_t count = arguments.long_size("count", command.count, total);
  return [=](Workspace& workspace) { prune_magnitude(workspace, layers, count); };
}

Work count_kept_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_count_kept>();
  const int32_t nnz = arguments.size("nnz", command.nnz);
  const auto* keep = arguments.array<const int32_t>("keep", command.keep, nnz);
  auto* kept = arguments.array<int64_t>("kept", command.kept, 1);
  return [=](Workspace& workspace) { count_kept(workspace, keep, nnz, kept); };
}

Work grow_random_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_grow_random>();
  const Csr weights = arguments.csr("weights", command.weights, false);
  const auto* keep = arguments.array<const int32_t>("keep", command.keep, weights.nnz);
  const int64_t kept = arguments.size("kept", command.kept, weights.nnz);
  const int32_t count = grown(arguments, weights, kept, command.count);
  auto* positions = arguments.array<int64_t>("positions", command.positions, count);
  const int64_t key = command.key;
  return [=](Workspace& workspace) { grow_random(workspace, weights, keep, kept, count, key, positions); };
}

Work grow_gradient_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_grow_gradient>();
  const Csr weights = arguments.csr("weights", command.weights, false);
  const auto* keep = arguments.array<const int32_t>("keep", command.keep, weights.nnz);
  const int64_t kept = arguments.size("kept", command.kept, weights.nnz);
  const ConstRows x = arguments.source("x", command.x);
  const ConstRows dy = arguments.source("dy", command.dy);
  arguments.equal("x.rows", x.rows, "weights.columns", weights.columns);
  arguments.equal("dy.rows", dy.rows, "weights.rows", weights.rows);
  arguments.equal("dy.positions", dy.positions, "x.positions", x.positions);
  const int32_t count = grown(arguments, weights, kept, command.count);
  auto* positions = arguments.array<int64_t>("positions", command.positions, count);
  return [=](Workspace& workspace) { grow_gradient(workspace, weights, keep, kept, x, dy, count, positions); };
}

Work rebuild_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_rebuild>();
  const Csr old = arguments.csr("old", command.old, true);
  const NewCsr merged = arguments.new_csr("merged", command.merged);
  arguments.equal("merged.rows", merged.rows, "old.rows", old.rows);
  arguments.equal("merged.columns", merged.columns, "old.columns", old.columns);
  arguments.array<float>("merged.values", command.merged.values, merged.nnz);
  const auto* keep = arguments.array<const int32_t>("keep", command.keep, old.nnz);
  Growth growth = {};
  growth.count = arguments.size("grown", command.grown, merged.nnz);
  growth.positions = arguments.array<const int64_t>("positions", command.positions, growth.count);
  growth.rule.kind = static_cast<ValueKind>(arguments.size("rule", command.rule, ESP_VALUES_UNIFORM));
  growth.rule.scale = arguments.number("scale", command.scale);
  growth.value_key = command.value_key;
  growth.keep_regrown = arguments.flag("keep_regrown", command.keep_regrown);
  const int64_t words = arguments.tail_words<esp_op_rebuild>();
  arguments.equal("state_count", command.state_count, "the number of pairs that follow", words / 2);
  arguments.expect(words % 2 == 0, "state_count", "is followed by half a pair of addresses");
  const int64_t* pairs = arguments.tail<esp_op_rebuild>();
  std::vector<StateArray> state;
  for (int64_t i = 0; i < command.state_count; ++i) {
    const std::string name = "state[" + std::to_string(i) + "]";
    state.push_back({arguments.array<const float>(name + ".old", pairs[2 * i], old.nnz),
                     arguments.array<float>(name + ".merged", pairs[2 * i + 1], merged.nnz)});
  }
  return [=](Workspace& workspace) { rebuild(workspace, old, keep, growth, merged, state); };
}

Work transpose_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_transpose>();
  const Csr csr = arguments.csr("csr", command.csr, true);
  const NewCsr transposed = arguments.new_csr("transposed", command.transposed);
  arguments.equal("transposed.rows", transposed.rows, "csr.columns", csr.columns);
  arguments.equal("transposed.columns", transposed.columns, "csr.rows", csr.rows);
  arguments.equal("transposed.nnz", transposed.nnz, "csr.nnz", csr.nnz);
  arguments.array<float>("transposed.values", command.transposed.values, transposed.nnz);
  auto* slot = arguments.array<int32_t>("slot", command.slot, csr.nnz);
  return [=](Workspace& workspace) { transpose(workspace, csr, transposed, slot); };
}

Work slabs_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_slabs>();
  const Csr csr = arguments.csr("csr", command.csr, false);
  auto* slabs = arguments.array<int32_t>("slabs", command.slabs, slab_words(csr.rows, csr.columns));
  return [=](Workspace& workspace) { index_slabs(workspace, csr, slabs); };
}

Work score_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_score>();
  const auto kind = static_cast<ScoreKind>(arguments.size("score", command.score, ESP_SCORE_RANDOM));
  const Score formula = {kind, arguments.number("gradient_weight", command.gradient_weight), command.key};
  arguments.expect(formula.gradient_weight >= 0 && formula.gradient_weight < INFINITY, "gradient_weight",
                   "is not a number of at least 0");
  const Csr weights = arguments.csr("weights", command.weights, formula.reads_values());
  const int32_t slopes = formula.reads_gradient() ? weights.nnz : 0;
  const auto* gradient = arguments.array<const float>("gradient", command.gradient, slopes);
  auto* scores = arguments.array<float>("scores", command.scores, weights.nnz);
  return [=](Workspace& workspace) { score(workspace, formula, weights, gradient, scores); };
}

Work sum_of_magnitudes_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_sum_of_magnitudes>();
  const int64_t n = arguments.long_size("n", command.n, LIMIT);
  const auto* values = arguments.array<const float>("values", command.values, n);
  auto* result = arguments.array<double>("result", command.result, 1);
  return [=](Workspace& workspace) { sum_of_magnitudes(workspace, values, n, result); };
}

Work positions_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_positions>();
  const Csr pattern = arguments.csr("pattern", command.pattern, false);
  auto* target = arguments.array<int64_t>("positions", command.positions, pattern.nnz);
  return [=](Workspace& workspace) { positions(workspace, pattern, target); };
}

}  // namespace espalier
