/* SPDX-License-Identifier: Apache-2.0 */
// Commands on whole arrays, on the rows of tensors, and the losses.
#include "abi/operations.h"
#include "base/fill.h"
#include "loss/loss.h"
#include "rows/rows.h"

namespace espalier {
namespace {

constexpr int64_t OUTCOME_ROWS = 2;
constexpr int64_t SRELU_PARAMETERS = 4;
constexpr int64_t LIMIT = INT64_C(1) << 40;  // of elements or bytes of an array

/** Checks that two tensors have one shape. */
template <class A, class B>
void check_shape(const Arguments& arguments, const std::string& name, const A& rows, const std::string& other_name,
                 const B& other) {
  arguments.equal((name + ".rows").c_str(), rows.rows, (other_name + ".rows").c_str(), other.rows);
  arguments.equal((name + ".positions").c_str(), rows.positions, (other_name + ".positions").c_str(), other.positions);
}

/** The gradient of a loss: null data if only the outcome is wanted. */
Rows loss_gradient(const Arguments& arguments, const esp_rows& words, const char* name, const ConstRows& outputs) {
  if (words.address == 0) return {nullptr, outputs.rows, outputs.positions, 0};
  const Rows gradient = arguments.rows("gradient", words);
  check_shape(arguments, "gradient", gradient, name, outputs);
  return gradient;
}

Rows loss_outcome(const Arguments& arguments, const esp_rows& words, const char* positions_name, int32_t positions) {
  const Rows outcome = arguments.rows("outcome", words);
  arguments.equal("outcome.rows", outcome.rows, "the number of outcomes", OUTCOME_ROWS);
  arguments.equal("outcome.positions", outcome.positions, positions_name, positions);
  return outcome;
}

}  // namespace

Work copy_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_copy>();
  const auto bytes = static_cast<size_t>(arguments.long_size("bytes", command.bytes, LIMIT));
  auto* target = arguments.array<char>("target", command.target, command.bytes);
  const auto* source = arguments.array<const char>("source", command.source, command.bytes);
  arguments.expect(target + bytes <= source || source + bytes <= target, "target", "overlaps the source");
  return [=](Workspace& workspace) {
    if (bytes > 0) device::copy(workspace.stream(), target, source, bytes);
  };
}

Work fill_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_fill>();
  const int64_t count = arguments.long_size("count", command.count, LIMIT);
  auto* target = arguments.array<float>("target", command.target, count);
  const float value = arguments.number("value", command.value);
  return [=](Workspace& workspace) { fill(workspace, target, count, value); };
}

Work gather_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_gather>();
  const Rows x = arguments.rows("x", command.x);
  const int64_t features = x.rows;
  const auto* samples = arguments.array<const float>("samples", command.samples, features * x.positions);
  const auto* scaling = arguments.optional<const float>("scaling", command.scaling, 2 * features);
  return [=](Workspace& workspace) { gather(workspace, samples, scaling, x); };
}

Work row_sums_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_row_sums>();
  const ConstRows dy = arguments.source("dy", command.dy);
  auto* sums = arguments.array<float>("sums", command.sums, dy.rows);
  return [=](Workspace& workspace) { row_sums(workspace, dy, sums); };
}

Work activate_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_activate>();
  const Activation activation = arguments.activation(command.activation, command.slope);
  const ConstRows x = arguments.source("x", command.x);
  const Rows y = arguments.rows("y", command.y);
  check_shape(arguments, "y", y, "x", x);
  return [=](Workspace& workspace) { activate(workspace, activation, x, y); };
}

Work activate_gradient_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_activate_gradient>();
  const Activation activation = arguments.activation(command.activation, command.slope);
  const ConstRows dy = arguments.source("dy", command.dy);
  const Rows dx = arguments.rows("dx", command.dx);
  check_shape(arguments, "dx", dx, "dy", dy);
  // Only one of x and y is read, and only that one has to be there.
  const bool reads_x = activation.kind == ActivationKind::Relu || activation.kind == ActivationKind::LeakyRelu;
  const ConstRows read = arguments.source(reads_x ? "x" : "y", reads_x ? command.x : command.y);
  check_shape(arguments, reads_x ? "x" : "y", read, "dy", dy);
  return [=](Workspace& workspace) { activate_gradient(workspace, activation, read, read, dy, dx); };
}

Work srelu_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_srelu>();
  const ConstRows x = arguments.source("x", command.x);
  const Rows y = arguments.rows("y", command.y);
  check_shape(arguments, "y", y, "x", x);
  const auto* parameters = arguments.array<const float>("parameters", command.parameters, SRELU_PARAMETERS * x.rows);
  return [=](Workspace& workspace) { srelu(workspace, parameters, x, y); };
}

Work srelu_gradient_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_srelu_gradient>();
  const ConstRows x = arguments.source("x", command.x);
  const ConstRows dy = arguments.source("dy", command.dy);
  const Rows dx = arguments.rows("dx", command.dx);
  check_shape(arguments, "dy", dy, "x", x);
  check_shape(arguments, "dx", dx, "x", x);
  const auto* parameters = arguments.array<const float>("parameters", command.parameters, SRELU_PARAMETERS * x.rows);
  auto* gradient = arguments.array<float>("gradient", command.gradient, SRELU_PARAMETERS * x.rows);
  return [=](Workspace& workspace) { srelu_gradient(workspace, parameters, x, dy, dx, gradient); };
}

Work dropout_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_dropout>();
  arguments.expect(command.threshold == static_cast<int32_t>(command.threshold), "threshold", "does not fit 32 bits");
  const auto threshold = static_cast<int32_t>(command.threshold);
  const float scale = arguments.number("scale", command.scale);
  const Varying<int64_t> key = arguments.varying<int64_t>("key_at", command.key_at);
  const ConstRows x = arguments.source("x", command.x);
  const Rows y = arguments.rows("y", command.y);
  check_shape(arguments, "y", y, "x", x);
  return [=](Workspace& workspace) { dropout(workspace, threshold, scale, key, x, y); };
}

Work cross_entropy_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_cross_entropy>();
  const ConstRows logits = arguments.source("logits", command.logits);
  const auto* labels = arguments.array<const int32_t>("labels", command.labels, logits.positions);
  const float smoothing = arguments.number("smoothing", command.smoothing);
  const float gradient_scale = arguments.number("gradient_scale", command.gradient_scale);
  const Rows gradient = loss_gradient(arguments, command.gradient, "logits", logits);
  const Rows outcome = loss_outcome(arguments, command.outcome, "logits.positions", logits.positions);
  return [=](Workspace& workspace) {
    cross_entropy(workspace, logits, labels, smoothing, gradient_scale, gradient, outcome);
  };
}

Work squared_error_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_squared_error>();
  const ConstRows outputs = arguments.source("outputs", command.outputs);
  const auto* labels = arguments.array<const int32_t>("labels", command.labels, outputs.positions);
  const float gradient_scale = arguments.number("gradient_scale", command.gradient_scale);
  const Rows gradient = loss_gradient(arguments, command.gradient, "outputs", outputs);
  const Rows outcome = loss_outcome(arguments, command.outcome, "outputs.positions", outputs.positions);
  return [=](Workspace& workspace) { squared_error(workspace, outputs, labels, gradient_scale, gradient, outcome); };
}

}  // namespace espalier
