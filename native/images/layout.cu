/* SPDX-License-Identifier: Apache-2.0 */
// Operations that move pixels: between grids, between images and features, between images and their phases.
#include "images/images.h"
#include "images/pixels.h"

namespace espalier {
namespace {

constexpr int kTile = 32;  // places in an image, and images, of a block
constexpr int kLines = 8;  // warps of a block; each moves every eighth line of the tile
constexpr int kPitch = kTile + 1;

/** A tile of the transposition between features and images: 32 places of a channel's image x 32 images. Blocks go
    through the places first, then the images, then the channels. */
struct Tile {
  int32_t channel;
  int32_t place;
  int32_t image;

  __device__ Tile(uint32_t place_tiles, uint32_t image_tiles)
      : channel(static_cast<int32_t>(blockIdx.x / place_tiles / image_tiles)),
        place(static_cast<int32_t>(blockIdx.x % place_tiles) * kTile),
        image(static_cast<int32_t>(blockIdx.x / place_tiles % image_tiles) * kTile) {}
};

/**
 * A block reads 128 bytes in a row of 32 features and writes 128 bytes in a row of 32 images. In between the tile
 * stands in shared memory, whose rows are one element longer than a warp is wide: reading a column of it then touches
 * 32 different banks. Image numbers run past the last one to the end of the row, so that what follows becomes 0 too.
 */
__global__ void __launch_bounds__(kTile* kLines)
    to_images_kernel(ConstRows features, Images images, uint32_t place_tiles, uint32_t image_tiles) {
  SIMT_SHARED(float, shared, kTile* kPitch);
  const Tile tile(place_tiles, image_tiles);
  const Grid grid = images.grid;
  const int lane = threadIdx.x;
  for (int line = threadIdx.y; line < kTile; line += kLines) {
    const int32_t place = tile.place + line;
    const int32_t image = tile.image + lane;
    const Pixel pixel = grid.pixel(place);
    float value = 0;
    if (pixel.image == 0 && grid.inside(pixel) && image < features.positions) {
      value = features.row((tile.channel * grid.height + pixel.y) * grid.width + pixel.x)[image];
    }
    shared[line * kPitch + lane] = value;
  }
  __syncthreads();
  const int32_t place = tile.place + lane;
  const int32_t size = grid.image_positions();
  for (int line = threadIdx.y; line < kTile; line += kLines) {
    const int64_t position = static_cast<int64_t>(tile.image + line) * size + place;
    if (place < size && position < images.rows.stride) {
      images.rows.row(tile.channel)[position] = shared[lane * kPitch + line];
    }
  }
}

/** The same the other way round: 32 images are read, and 32 features written up to their stride. */
__global__ void __launch_bounds__(kTile* kLines)
    to_features_kernel(ConstImages images, Rows features, uint32_t pixel_tiles, uint32_t image_tiles) {
  SIMT_SHARED(float, shared, kTile* kPitch);
  const Tile tile(pixel_tiles, image_tiles);
  const Grid grid = images.grid;
  const int lane = threadIdx.x;
  const int32_t size = grid.height * grid.width;
  const int32_t own = tile.place + lane;  // pixels are counted without the halo
  for (int line = threadIdx.y; line < kTile; line += kLines) {
    const int32_t image = tile.image + line;
    float value = 0;
    if (own < size && image < features.positions) {
      value = images.at(tile.channel, {image, own / grid.width, own % grid.width});
    }
    shared[line * kPitch + lane] = value;
  }
  __syncthreads();
  const int32_t image = tile.image + lane;
  for (int line = threadIdx.y; line < kTile; line += kLines) {
    const int32_t pixel = tile.place + line;
    if (pixel < size && image < features.stride) {
      features.row(tile.channel * size + pixel)[image] = shared[lane * kPitch + line];
    }
  }
}

uint32_t tiles(int64_t n) { return static_cast<uint32_t>((n + kTile - 1) / kTile); }

struct Copy {
  ConstImages x;

  __device__ float operator()(int32_t row, const Pixel& pixel) const { return x.at(row, pixel); }
};

struct Add {
  ConstImages a;
  ConstImages b;
  bool relu;

  __device__ float operator()(int32_t row, const Pixel& pixel) const {
    return rectified(a.at(row, pixel) + b.at(row, pixel), relu);
  }
};

/** The number of a bit among those that are set, or how many there are below it. */
__device__ __forceinline__ int32_t rank(uint64_t bits, int32_t bit) {
  return __popcll(bits & ((uint64_t{1} << bit) - 1));
}

/** The place of the bit of a number among those that are set. */
__device__ __forceinline__ int32_t place_of(uint64_t bits, int32_t number) {
  for (int32_t i = 0; i < number; ++i) bits &= bits - 1;
  return __ffsll(static_cast<long long>(bits)) - 1;
}

struct Split {
  ConstImages x;
  Phases phases;

  __device__ float operator()(int32_t row, const Pixel& pixel) const {
    const int32_t across = __popcll(phases.columns);
    const int32_t all = __popcll(phases.lines) * across;
    const int32_t phase = row % all;
    const Pixel from = {pixel.image, pixel.y * phases.stride.value + place_of(phases.lines, phase / across),
                        pixel.x * phases.stride.value + place_of(phases.columns, phase % across)};
    return x.grid.inside(from) ? x.at(row / all, from) : 0.0f;
  }
};

struct Join {
  ConstImages y;
  Phases phases;

  __device__ float operator()(int32_t row, const Pixel& pixel) const {
    const Pixel at = {pixel.image, phases.stride.quotient(pixel.y), phases.stride.quotient(pixel.x)};
    const int32_t line = pixel.y - at.y * phases.stride.value;
    const int32_t column = pixel.x - at.x * phases.stride.value;
    if ((phases.lines >> line & phases.columns >> column & 1) == 0) return 0;
    const int32_t across = __popcll(phases.columns);
    const int32_t all = __popcll(phases.lines) * across;
    return y.at(row * all + rank(phases.lines, line) * across + rank(phases.columns, column), at);
  }
};

}  // namespace

void to_images(Workspace& workspace, ConstRows features, const Images& images) {
  const int64_t size = images.grid.image_positions();
  const uint32_t place_tiles = tiles(size);
  const uint32_t image_tiles = tiles((images.rows.stride + size - 1) / size);
  const int64_t blocks = static_cast<int64_t>(images.rows.rows) * place_tiles * image_tiles;
  if (blocks == 0) return;
  SIMT_LAUNCH(to_images_kernel, dim3(static_cast<uint32_t>(blocks)), dim3(kTile, kLines), 0, workspace.stream(),
              features, images, place_tiles, image_tiles);
}

void to_features(Workspace& workspace, const ConstImages& images, Rows features) {
  const uint32_t pixel_tiles = tiles(static_cast<int64_t>(images.grid.height) * images.grid.width);
  const uint32_t image_tiles = tiles(features.stride);
  const int64_t blocks = static_cast<int64_t>(images.rows.rows) * pixel_tiles * image_tiles;
  if (blocks == 0) return;
  SIMT_LAUNCH(to_features_kernel, dim3(static_cast<uint32_t>(blocks)), dim3(kTile, kLines), 0, workspace.stream(),
              images, features, pixel_tiles, image_tiles);
}

void copy_images(Workspace& workspace, const ConstImages& x, const Images& y) {
  for_each_pixel(workspace.stream(), y, Copy{x});
}

void add_images(Workspace& workspace, const ConstImages& a, const ConstImages& b, bool relu, const Images& y) {
  for_each_pixel(workspace.stream(), y, Add{a, b, relu});
}

void split(Workspace& workspace, const ConstImages& x, const Phases& phases, const Images& y) {
  for_each_pixel(workspace.stream(), y, Split{x, phases});
}

void join(Workspace& workspace, const ConstImages& y, const Phases& phases, const Images& x) {
  for_each_pixel(workspace.stream(), x, Join{y, phases});
}

}  // namespace espalier
