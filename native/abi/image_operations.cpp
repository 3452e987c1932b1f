/* SPDX-License-Identifier: Apache-2.0 */
// Commands on images.
#include <cmath>

#include "abi/operations.h"
#include "images/images.h"

namespace espalier {
namespace {

/** Checks that two tensors hold as many images. */
template <class A, class B>
void check_count(const Arguments& arguments, const A& a, const B& b) {
  arguments.equal("the number of images", a.count(), "that of the other tensor", b.count());
}

/** And images of the same size in as many rows. */
template <class A, class B>
void check_alike(const Arguments& arguments, const char* name, const A& a, const char* other_name, const B& b) {
  const std::string one = name;
  const std::string other = other_name;
  const auto equal = [&](const char* member, int64_t value, int64_t other_value) {
    arguments.equal((one + member).c_str(), value, (other + member).c_str(), other_value);
  };
  equal(".rows", a.rows.rows, b.rows.rows);
  equal(".height", a.grid.height, b.grid.height);
  equal(".width", a.grid.width, b.grid.width);
  equal(".images", a.count(), b.count());
}

/** Checks features, of which there is one for each pixel of an image. */
template <class T>
void check_features(const Arguments& arguments, const RowsOf<T>& features, const Images& images) {
  const int64_t pixels = static_cast<int64_t>(images.grid.height) * images.grid.width;
  arguments.equal("features.rows", features.rows, "the number of pixels", pixels * images.rows.rows);
  arguments.equal("features.positions", features.positions, "the number of images", images.count());
}

/** Checks and returns the phases between images and the tensor of their phases. */
template <class A, class B>
Phases phases(const Arguments& arguments, int64_t stride, int64_t lines, int64_t columns, const A& whole,
              const B& split) {
  constexpr int64_t MOST = 64;  // bits of a word
  arguments.expect(stride >= 1 && stride <= MOST, "stride", "is not within 1 and 64");
  const auto fits = [stride](int64_t bits) { return bits != 0 && (stride == MOST || bits >> stride == 0); };
  arguments.expect(fits(lines), "lines", "is not a set of phases below the stride");
  arguments.expect(fits(columns), "columns", "is not a set of phases below the stride");
  const auto bits = [](int64_t set) { return static_cast<int64_t>(__builtin_popcountll(static_cast<uint64_t>(set))); };
  arguments.equal("the number of rows of phases", split.rows.rows, "that of channels times phases",
                  whole.rows.rows * bits(lines) * bits(columns));
  arguments.equal("the height of phases", split.grid.height, "that of the images by the stride",
                  (whole.grid.height + stride - 1) / stride);
  arguments.equal("the width of phases", split.grid.width, "that of the images by the stride",
                  (whole.grid.width + stride - 1) / stride);
  check_count(arguments, whole, split);
  return {Divisor::of(static_cast<int32_t>(stride)), static_cast<uint64_t>(lines), static_cast<uint64_t>(columns)};
}

/** Checks and returns the window of pooling between two tensors. */
template <class A, class B>
Window window(const Arguments& arguments, const esp_window& window, const A& input, const B& output) {
  constexpr int64_t MOST = 1 << 15;  // so that places in the padding fit 32 bits
  const auto extent = [&](const char* name, int64_t value, int64_t least) {
    if (value < least || value > MOST) arguments.fail(name, "is not within " + std::to_string(least) + " and 2^15");
    return static_cast<int32_t>(value);
  };
  const Window checked = {extent("window.height", window.height, 1), extent("window.width", window.width, 1),
                          Divisor::of(extent("window.stride", window.stride, 1)),
                          extent("window.padding", window.padding, 0)};
  const auto outputs = [&](int64_t length, int64_t of_window) {
    const int64_t room = length + 2 * window.padding - of_window;
    return room < 0 ? 0 : room / window.stride + 1;
  };
  arguments.equal("the number of output lines", output.grid.height, "that of windows",
                  outputs(input.grid.height, window.height));
  arguments.equal("the number of output columns", output.grid.width, "that of windows",
                  outputs(input.grid.width, window.width));
  arguments.equal("the number of output rows", output.rows.rows, "that of input rows", input.rows.rows);
  check_count(arguments, input, output);
  return checked;
}

/** Either kind of pooling. */
Work pool_work(Arguments& arguments, void (*pool)(Workspace&, const Window&, const ConstImages&, const Images&)) {
  const auto command = arguments.as<esp_op_pool>();
  const ConstImages x = arguments.image_source("x", command.x);
  const Images y = arguments.target("y", command.y);
  const Window of = window(arguments, command.window, x, y);
  return [=](Workspace& workspace) { pool(workspace, of, x, y); };
}

float epsilon_of(const Arguments& arguments, int64_t bits) {
  const float epsilon = arguments.number("epsilon", bits);
  arguments.expect(epsilon > 0 && epsilon < INFINITY, "epsilon", "is not a number above 0");
  return epsilon;
}

/** Statistics and gradients need something to be of. */
void check_pixels(const Arguments& arguments, const ConstImages& x) {
  arguments.expect(x.rows.rows == 0 || x.rows.positions > 0, "x", "holds no image");
}

}  // namespace

Work to_images_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_to_images>();
  const ConstRows features = arguments.source("features", command.features);
  const Images images = arguments.target("images", command.images);
  check_features(arguments, features, images);
  return [=](Workspace& workspace) { to_images(workspace, features, images); };
}

Work to_features_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_to_features>();
  const Images images = arguments.images("images", command.images);
  const Rows features = arguments.rows("features", command.features);
  check_features(arguments, features, images);
  return [=](Workspace& workspace) { to_features(workspace, read_only(images), features); };
}

Work copy_images_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_copy_images>();
  const ConstImages x = arguments.image_source("x", command.x);
  const Images y = arguments.target("y", command.y);
  check_alike(arguments, "x", x, "y", y);
  return [=](Workspace& workspace) { copy_images(workspace, x, y); };
}

Work add_images_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_add_images>();
  const ConstImages a = arguments.image_source("a", command.a);
  const ConstImages b = arguments.image_source("b", command.b);
  const bool relu = arguments.flag("relu", command.relu);
  const Images y = arguments.target("y", command.y);
  check_alike(arguments, "a", a, "y", y);
  check_alike(arguments, "b", b, "y", y);
  return [=](Workspace& workspace) { add_images(workspace, a, b, relu, y); };
}

Work split_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_split>();
  const ConstImages x = arguments.image_source("x", command.x);
  const Images y = arguments.target("y", command.y);
  const Phases of = phases(arguments, command.stride, command.lines, command.columns, x, y);
  return [=](Workspace& workspace) { split(workspace, x, of, y); };
}

Work join_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_join>();
  const ConstImages y = arguments.image_source("y", command.y);
  const Images x = arguments.target("x", command.x);
  const Phases of = phases(arguments, command.stride, command.lines, command.columns, x, y);
  return [=](Workspace& workspace) { join(workspace, y, of, x); };
}

Work max_pool_work(Arguments& arguments) { return pool_work(arguments, max_pool); }

Work average_pool_work(Arguments& arguments) { return pool_work(arguments, average_pool); }

Work max_pool_gradient_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_max_pool_gradient>();
  const ConstImages x = arguments.image_source("x", command.x);
  const ConstImages dy = arguments.image_source("dy", command.dy);
  const Images dx = arguments.target("dx", command.dx);
  check_alike(arguments, "x", x, "dx", dx);
  const Window of = window(arguments, command.window, x, dy);
  return [=](Workspace& workspace) { max_pool_gradient(workspace, of, x, dy, dx); };
}

Work average_pool_gradient_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_average_pool_gradient>();
  const ConstImages dy = arguments.image_source("dy", command.dy);
  const Images dx = arguments.target("dx", command.dx);
  const Window of = window(arguments, command.window, dx, dy);
  return [=](Workspace& workspace) { average_pool_gradient(workspace, of, dy, dx); };
}

Work normalize_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_normalize>();
  const Normalization rule = {epsilon_of(arguments, command.epsilon), arguments.number("momentum", command.momentum)};
  arguments.expect(rule.momentum >= 0 && rule.momentum <= 1, "momentum", "is not within 0 and 1");
  const ConstImages x = arguments.image_source("x", command.x);
  const bool relu = arguments.flag("relu", command.relu);
  const Images y = arguments.target("y", command.y);
  check_alike(arguments, "x", x, "y", y);
  check_pixels(arguments, x);
  const int64_t length = 2 * static_cast<int64_t>(x.rows.rows);
  const auto* parameters = arguments.array<const float>("parameters", command.parameters, length);
  auto* running = arguments.array<float>("running", command.running, length);
  auto* saved = arguments.array<float>("saved", command.saved, length);
  return [=](Workspace& workspace) { normalize(workspace, rule, parameters, running, saved, x, relu, y); };
}

Work normalize_fixed_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_normalize_fixed>();
  const Normalization rule = {epsilon_of(arguments, command.epsilon), 0};
  const ConstImages x = arguments.image_source("x", command.x);
  const bool relu = arguments.flag("relu", command.relu);
  const Images y = arguments.target("y", command.y);
  check_alike(arguments, "x", x, "y", y);
  const int64_t length = 2 * static_cast<int64_t>(x.rows.rows);
  const auto* parameters = arguments.array<const float>("parameters", command.parameters, length);
  const auto* running = arguments.array<const float>("running", command.running, length);
  return [=](Workspace& workspace) { normalize_fixed(workspace, rule, parameters, running, x, relu, y); };
}

Work normalize_gradient_work(Arguments& arguments) {
  const auto command = arguments.as<esp_op_normalize_gradient>();
  const ConstImages x = arguments.image_source("x", command.x);
  const bool relu = arguments.flag("relu", command.relu);
  const ConstImages dy = arguments.image_source("dy", command.dy);
  const Images dx = arguments.target("dx", command.dx);
  check_alike(arguments, "x", x, "dx", dx);
  check_alike(arguments, "dy", dy, "dx", dx);
  check_pixels(arguments, x);
  const int64_t length = 2 * static_cast<int64_t>(x.rows.rows);
  const auto* parameters = arguments.array<const float>("parameters", command.parameters, length);
  const auto* saved = arguments.array<const float>("saved", command.saved, length);
  auto* gradient = arguments.array<float>("gradient", command.gradient, length);
  return [=](Workspace& workspace) {
    normalize_gradient(workspace, parameters, saved, x, relu, dy, dx, gradient);
  };
}

}  // namespace espalier
