/* SPDX-License-Identifier: Apache-2.0 */
// What the C interface answers to mistakes in the commands of convolutions and of images.
#include "abi/test_session.h"

namespace espalier::test {
namespace {

// One image of 2 x 3 in 3 lines of 4; 2 rows of the output, 3 channels of the input, a tap to the left and one in the
// middle. Zeroed memory serves as empty weights.
constexpr esp_grid kGrid = {2, 3, 3, 4};
constexpr int64_t kPiece = 1024;

struct Operands {
  explicit Operands(Session& session)
      : table(session.allocate(24)),
        x{session.allocate(kPiece) + 64, 3, 12, 16},
        dy{session.allocate(kPiece) + 64, 2, 12, 16},
        numbers(session.allocate(kPiece)),
        weights{2, 6, 4, session.allocate(64), numbers, numbers, 0},
        transposed{6, 2, 4, session.allocate(64), numbers, numbers, 0},
        taps{2, 1, table, 1, kGrid, kGrid} {
    const int32_t words[] = {0, -1, 0, 0, 0, 2};
    Session::ok(esp_write(session.context, table, words, sizeof words), "write");
  }

  int64_t table;
  esp_rows x;
  esp_rows dy;
  int64_t numbers;
  esp_csr weights;
  esp_csr transposed;
  esp_taps taps;
};

/** Mistakes in the taps, in whatever command they come. */
template <class T>
void spoil_taps(Spoiler<T>& spoiler) {
  spoiler.refuses("taps.count is not within 1 and 65535", [](T& c) { c.taps.count = 0; })
      .refuses("taps.phases is not within 1 and taps.count", [](T& c) { c.taps.phases = 3; })
      .refuses("taps.table is 0", [](T& c) { c.taps.table = 0; })
      .refuses("taps.table needs 7 elements of 4 bytes, but only 24 bytes",
               [](T& c) { c.taps.count = c.taps.phases = 2; })
      .refuses("taps.table needs", [](T& c) { c.taps.table += 4; })
      .refuses("taps.reach is -1", [](T& c) { c.taps.reach = -1; })
      .refuses("taps.input.height is 0, but it must be at least 1", [](T& c) { c.taps.input.height = 0; })
      .refuses("taps.input.pitch is 4, but taps.output.pitch is 5",
               [](T& c) { c.taps.output.width = c.taps.output.pitch = 5; })
      .refuses("taps.output.pitch is 2, but it must be at least the width, 3", [](T& c) { c.taps.output.pitch = 2; })
      .refuses("taps.input.lines is 4, but taps.output.lines is 3", [](T& c) { c.taps.input.lines = 4; })
      .refuses("has images of more than 2^31 positions",
               [](T& c) { c.taps.input.lines = c.taps.input.pitch = INT64_C(1) << 16; });
}

void sparse_convolutions_that_do_not_fit() {
  Session session;
  const Operands of(session);
  using Spmm = esp_op_spmm_taps;
  Spoiler<Spmm> spmm(session, ESP_OP_SPMM_TAPS, {of.weights, 0, of.x, of.dy, {}, of.taps});
  spoil_taps(spmm);
  spmm.refuses("Command 1 (spmm_taps): x has no 17 elements before and behind", [](Spmm& c) { c.taps.reach = 17; })
      .refuses("x has no 1 elements before and behind", [](Spmm& c) { c.x.address -= 64; })
      .refuses("x has no 209 elements before", [](Spmm& c) { c.taps.reach = 209; })
      .refuses("x.positions is 13, which are not whole images of 12", [](Spmm& c) { c.x.positions = 13; })
      .refuses("x.rows is 2, but the number of rows that columns read is 3", [](Spmm& c) { c.x.rows = 2; })
      .refuses("modulo taps.count is 1", [](Spmm& c) { c.weights.columns = 5; })
      .refuses("y.rows is 3, but weights.rows is 2", [](Spmm& c) { c.y.rows = 3; })
      .refuses("the positions of the input is 12, but those of the output is 0", [](Spmm& c) { c.y.positions = 0; })
      .refuses("y.address needs 256 elements", [](Spmm& c) { c.y.stride = 128; })  // up to the stride
      .refuses("weights.values is 0", [](Spmm& c) { c.weights.values = 0; })
      .refuses("bias is at address", [](Spmm& c) { c.bias = 2; });

  using Transposed = esp_op_spmm_transposed_taps;
  Spoiler<Transposed> transposed(session, ESP_OP_SPMM_TRANSPOSED_TAPS, {of.transposed, of.dy, of.x, {}, of.taps});
  spoil_taps(transposed);
  transposed.refuses("(spmm_transposed_taps): dy has no 17 elements before", [](Transposed& c) { c.taps.reach = 17; })
      .refuses("dy.rows is 1, but transposed.columns is 2", [](Transposed& c) { c.dy.rows = 1; })
      .refuses("dx.rows is 2, but the number of rows that columns read is 3", [](Transposed& c) { c.dx.rows = 2; })
      .refuses("modulo taps.count is 1", [](Transposed& c) { c.transposed.rows = 5; })
      .refuses("dx.address needs 288 elements", [](Transposed& c) { c.dx.stride = 96; });

  using Sddmm = esp_op_sddmm_taps;
  Spoiler<Sddmm> sddmm(session, ESP_OP_SDDMM_TAPS, {of.weights, of.x, of.dy, of.numbers, 0, of.taps});
  spoil_taps(sddmm);
  sddmm.refuses("(sddmm_taps): gradient is 0", [](Sddmm& c) { c.gradient = 0; })
      .refuses("x has no 17 elements", [](Sddmm& c) { c.taps.reach = 17; })
      .refuses("x.rows is 2", [](Sddmm& c) { c.x.rows = 2; })
      .refuses("dy.rows is 3, but the number of rows is 2", [](Sddmm& c) { c.dy.rows = 3; })
      .refuses("those of the output is 24",
               [](Sddmm& c) { c.dy.positions = 24, c.dy.stride = 32; });

  using Sgd = esp_op_sddmm_sgd_taps;
  Spoiler<Sgd> sgd(session, ESP_OP_SDDMM_SGD_TAPS, {of.weights, of.x, of.dy, 0, 0, 0, 0, {0, 0, 0, 0, 1}, of.taps},
                   rate(0));
  spoil_taps(sgd);
  sgd.refuses("(sddmm_sgd_taps): velocity is 0, but momentum is not", [](Sgd& c) { c.rule.momentum = bits(0.5f); })
      .refuses("slot is 0", [](Sgd& c) { c.transposed = c.weights.values; })
      .refuses("rule.learning_rate_at is 2", [](Sgd& c) { c.rule.learning_rate_at = 2; });

  using Grow = esp_op_grow_gradient_taps;
  Spoiler<Grow> grow(session, ESP_OP_GROW_GRADIENT_TAPS,
                     {of.weights, of.numbers, 4, of.x, of.dy, 8, of.numbers + 512, of.taps});
  spoil_taps(grow);
  grow.refuses("(grow_gradient_taps): count is 9, which is not within 0 and 8", [](Grow& c) { c.count = 9; })
      .refuses("kept is 5", [](Grow& c) { c.kept = 5; })
      .refuses("keep is 0", [](Grow& c) { c.keep = 0; })
      .refuses("x.rows is 2", [](Grow& c) { c.x.rows = 2; });
}

void dense_convolutions_that_do_not_fit() {
  Session session;
  const Operands of(session);
  using Gemm = esp_op_gemm_taps;
  Spoiler<Gemm> gemm(session, ESP_OP_GEMM_TAPS, {of.numbers, 0, of.x, of.dy, {}, of.taps});
  spoil_taps(gemm);
  gemm.refuses("(gemm_taps): weights needs 12 elements", [&](Gemm& c) { c.weights = of.numbers + kPiece - 44; })
      .refuses("x has no 17 elements", [](Gemm& c) { c.taps.reach = 17; })
      .refuses("y.address needs 256 elements", [](Gemm& c) { c.y.stride = 128; });
  using Transposed = esp_op_gemm_transposed_taps;
  Spoiler<Transposed> transposed(session, ESP_OP_GEMM_TRANSPOSED_TAPS, {of.numbers, of.dy, of.x, {}, of.taps});
  spoil_taps(transposed);
  transposed.refuses("(gemm_transposed_taps): weights is 0", [](Transposed& c) { c.weights = 0; })
      .refuses("dy has no 17 elements", [](Transposed& c) { c.taps.reach = 17; })
      .refuses("dx.address needs 288 elements", [](Transposed& c) { c.dx.stride = 96; });
  using Gradient = esp_op_gemm_gradient_taps;
  Spoiler<Gradient> gradient(session, ESP_OP_GEMM_GRADIENT_TAPS, {of.x, of.dy, of.numbers, of.taps});
  spoil_taps(gradient);
  gradient.refuses("(gemm_gradient_taps): gradient is 0", [](Gradient& c) { c.gradient = 0; })
      .refuses("those of the output is 0", [](Gradient& c) { c.dy.positions = 0; });
}

void images_that_do_not_fit() {
  Session session;
  const Operands of(session);
  const esp_images x = {of.x, kGrid};
  const esp_images y = {{of.dy.address, 3, 12, 16}, kGrid};

  using ToImages = esp_op_to_images;
  Spoiler<ToImages>(session, ESP_OP_TO_IMAGES, {{of.numbers, 12, 1, 16}, {of.dy, kGrid}})
      .refuses("(to_images): features.rows is 11, but the number of pixels is 12",
               [](ToImages& c) { c.features.rows = 11; })
      .refuses("features.positions is 2, but the number of images is 1", [](ToImages& c) { c.features.positions = 2; })
      .refuses("images.grid.width is 0", [](ToImages& c) { c.images.grid.width = 0; })
      .refuses("images.address needs 256 elements", [](ToImages& c) { c.images.rows.stride = 128; });
  using ToFeatures = esp_op_to_features;
  Spoiler<ToFeatures>(session, ESP_OP_TO_FEATURES, {{of.dy, kGrid}, {of.numbers, 12, 1, 16}})
      .refuses("(to_features): features.rows is 13", [](ToFeatures& c) { c.features.rows = 13; })
      .refuses("features.address needs 1424 elements", [](ToFeatures& c) { c.features.stride = 128; });
  using Copy = esp_op_copy_images;
  Spoiler<Copy>(session, ESP_OP_COPY_IMAGES, {x, y})
      .refuses("(copy_images): x.rows is 2, but y.rows is 3", [](Copy& c) { c.x.rows.rows = 2; })
      .refuses("x.height is 3, but y.height is 2", [](Copy& c) { c.x.grid.height = 3; })
      .refuses("x.width is 2, but y.width is 3", [](Copy& c) { c.x.grid.width = 2; })
      .refuses("x.images is 0, but y.images is 1", [](Copy& c) { c.x.rows.positions = 0; })
      .refuses("y.positions is 11, which are not whole images of 12", [](Copy& c) { c.y.rows.positions = 11; });
  using Add = esp_op_add_images;
  Spoiler<Add>(session, ESP_OP_ADD_IMAGES, {x, x, 1, y})
      .refuses("(add_images): relu is 2", [](Add& c) { c.relu = 2; })
      .refuses("b.rows is 2, but y.rows is 3", [](Add& c) { c.b.rows.rows = 2; });
}

void phases_and_windows_that_do_not_fit() {
  Session session;
  const Operands of(session);
  const esp_images whole = {of.x, kGrid};
  const esp_images parts = {{of.dy.address, 6, 4, 16}, {1, 2, 2, 2}};
  using Split = esp_op_split;
  Spoiler<Split>(session, ESP_OP_SPLIT, {whole, 2, 1, 3, parts})
      .refuses("(split): stride is not within 1 and 64", [](Split& c) { c.stride = 65; })
      .refuses("lines is not a set of phases below the stride", [](Split& c) { c.lines = 4; })
      .refuses("columns is not a set of phases below the stride", [](Split& c) { c.columns = 0; })
      .refuses("the number of rows of phases is 6, but that of channels times phases is 12",
               [](Split& c) { c.lines = 3; })
      .refuses("the height of phases is 2", [](Split& c) { c.y.grid.height = 2; })
      .refuses("the width of phases is 1", [](Split& c) { c.y.grid.width = 1; })
      .refuses("the number of images is 1, but that of the other tensor is 0",
               [](Split& c) { c.y.rows.positions = 0; });
  using Join = esp_op_join;
  Spoiler<Join>(session, ESP_OP_JOIN, {parts, 2, 1, 3, whole}).refuses("(join): stride", [](Join& c) { c.stride = 0; });

  const esp_images pooled = {{of.dy.address, 3, 2, 16}, {1, 2, 1, 2}};
  const esp_window window = {2, 2, 1, 0};
  using Pool = esp_op_pool;
  for (const int64_t opcode : {ESP_OP_MAX_POOL, ESP_OP_AVERAGE_POOL}) {
    Spoiler<Pool>(session, opcode, {window, whole, pooled})
        .refuses("pool): window.height is not within 1 and 2^15", [](Pool& c) { c.window.height = 0; })
        .refuses("window.stride is not within 1", [](Pool& c) { c.window.stride = 0; })
        .refuses("window.padding is not within 0", [](Pool& c) { c.window.padding = -1; })
        .refuses("the number of output lines is 1, but that of windows is 2", [](Pool& c) { c.window.height = 1; })
        .refuses("the number of output columns is 2, but that of windows is 0", [](Pool& c) { c.window.width = 4; })
        .refuses("the number of output rows is 2", [](Pool& c) { c.y.rows.rows = 2; });
  }
  using MaxGradient = esp_op_max_pool_gradient;
  Spoiler<MaxGradient>(session, ESP_OP_MAX_POOL_GRADIENT, {window, whole, pooled, {{of.numbers, 3, 12, 16}, kGrid}})
      .refuses("(max_pool_gradient): x.rows is 2, but dx.rows is 3", [](MaxGradient& c) { c.x.rows.rows = 2; })
      .refuses("the number of output lines is 1", [](MaxGradient& c) { c.window.height = 1; });
  using AverageGradient = esp_op_average_pool_gradient;
  Spoiler<AverageGradient>(session, ESP_OP_AVERAGE_POOL_GRADIENT, {window, pooled, whole})
      .refuses("(average_pool_gradient): the number of output lines is 1",
               [](AverageGradient& c) { c.window.height = 1; });
}

void normalizations_that_do_not_fit() {
  Session session;
  const Operands of(session);
  const esp_images x = {of.x, kGrid};
  const esp_images y = {{of.dy.address, 3, 12, 16}, kGrid};
  const int64_t epsilon = bits(1e-5f);
  using Normalize = esp_op_normalize;
  const Normalize forward = {epsilon, bits(0.1f), of.numbers, of.numbers + 64, of.numbers + 128, x, 0, y};
  Spoiler<Normalize>(session, ESP_OP_NORMALIZE, forward)
      .refuses("(normalize): epsilon is not a number above 0", [](Normalize& c) { c.epsilon = 0; })
      .refuses("momentum is not within 0 and 1", [](Normalize& c) { c.momentum = bits(1.5f); })
      .refuses("parameters is 0, but an array of 6 elements is needed", [](Normalize& c) { c.parameters = 0; })
      .refuses("running is 0", [](Normalize& c) { c.running = 0; })
      .refuses("saved is 0", [](Normalize& c) { c.saved = 0; })
      .refuses("relu is -1", [](Normalize& c) { c.relu = -1; })
      .refuses("x.rows is 3, but y.rows is 2", [](Normalize& c) { c.y.rows.rows = 2; })
      .refuses("x holds no image", [](Normalize& c) { c.x.rows.positions = c.y.rows.positions = 0; });
  using Fixed = esp_op_normalize_fixed;
  Spoiler<Fixed>(session, ESP_OP_NORMALIZE_FIXED, {epsilon, of.numbers, of.numbers + 64, x, 0, y})
      .refuses("(normalize_fixed): epsilon", [](Fixed& c) { c.epsilon = bits(-1); })
      .refuses("running is 0", [](Fixed& c) { c.running = 0; });
  using Gradient = esp_op_normalize_gradient;
  const esp_images dx = {{of.numbers + 512, 3, 12, 16}, kGrid};
  Spoiler<Gradient>(session, ESP_OP_NORMALIZE_GRADIENT, {of.numbers, of.numbers + 64, x, 0, y, dx, of.numbers + 128})
      .refuses("(normalize_gradient): saved is 0", [](Gradient& c) { c.saved = 0; })
      .refuses("gradient is 0", [](Gradient& c) { c.gradient = 0; })
      .refuses("dy.images is 0, but dx.images is 1", [](Gradient& c) { c.dy.rows.positions = 0; })
      .refuses("dx.address needs 144 elements", [](Gradient& c) { c.dx.rows.stride = 48; });
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  sparse_convolutions_that_do_not_fit();
  dense_convolutions_that_do_not_fit();
  images_that_do_not_fit();
  phases_and_windows_that_do_not_fit();
  normalizations_that_do_not_fit();
  return result("abi_image_errors_test");
}
