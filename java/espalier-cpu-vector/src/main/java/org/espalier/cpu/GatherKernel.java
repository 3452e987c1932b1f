/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import org.espalier.backend.SampleReader;
import org.espalier.backend.host.WorkerPool;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Gathering a batch, in tiles of 16 samples: long pieces of each are read into memory that stays in
 * the cache, and scaled and transposed from there to X, which is written in whole lines.
 *
 * <p>Pieces are long because reading is what takes time, and processors read ahead only where much
 * is read in a row. Samples that stand in arrays are read several in turns. A tile with fewer than
 * 16 samples is transposed whole: what was in the others' rows before ends up in the padding of X.
 */
final class GatherKernel implements WorkerPool.Task {

  /** Samples of a tile: they fill a line of a row of X. */
  private static final int SAMPLES = Tensor.ROW_ALIGNMENT;

  /** Features of a tile at most: 64 KB with all samples, which the second-level cache holds. */
  private static final int FEATURES = 1024;

  /** Distance of the rows of a tile: a line more, so that they do not share a set of the cache. */
  private static final int STRIDE = FEATURES + 16;

  /** Tiles for each thread at least, to share them out evenly. */
  private static final int TILES_PER_THREAD = 4;

  /** What a vector of X costs, in vectors read or written. */
  private static final int COST = 10;

  private static final float[] IDENTITY = TileTransposition.identity(FEATURES);

  private final WorkerPool pool;
  private final float[][] tiles;
  private final float[][] scratch;
  private SampleReader samples;
  private float[] scaling;
  private float[] out;
  private int outStart;
  private int outStride;
  private int features;
  private int positions;
  private int tileFeatures;
  private int tilesOfPiece;
  private int count;
  private int parts;

  GatherKernel(WorkerPool pool) {
    this.pool = pool;
    this.tiles = new float[pool.threads()][BASE + SAMPLES * STRIDE];
    this.scratch = new float[pool.threads()][TileTransposition.SCRATCH];
  }

  void run(SampleReader reader, DeviceBuffer scalesAndShifts, Tensor x) {
    int vectors = Lanes.vectors(x);
    features = x.rows();
    positions = x.positions();
    if (features == 0 || positions == 0) {
      return;
    }
    samples = reader;
    scaling = scalesAndShifts == null ? IDENTITY : floats(scalesAndShifts);
    out = floats(x.buffer());
    outStart = start(x);
    outStride = x.stride();
    cut();
    parts = Math.min(Split.parts(pool, (long) features * vectors * COST), count);
    pool.run(parts, this);
    samples = null;
    scaling = null;
    out = null;
  }

  /** Cuts X into tiles of about equal size. */
  private void cut() {
    tilesOfPiece = (positions + SAMPLES - 1) / SAMPLES;
    int wanted = pool.threads() * TILES_PER_THREAD;
    int pieces = Math.max((features + FEATURES - 1) / FEATURES, (wanted - 1) / tilesOfPiece + 1);
    tileFeatures = Tensor.strideFor((features - 1) / pieces + 1);
    count = tilesOfPiece * ((features - 1) / tileFeatures + 1);
  }

  @Override
  public void run(int part, int worker) {
    int to = (int) Split.start(count, part + 1, parts);
    for (int tile = (int) Split.start(count, part, parts); tile < to; tile++) {
      int first = tile / tilesOfPiece * tileFeatures;
      gather(first, tile % tilesOfPiece * SAMPLES, tiles[worker], scratch[worker]);
    }
  }

  private void gather(int first, int position, float[] tile, float[] block) {
    int end = Math.min(first + tileFeatures, features);
    int used = Math.min(SAMPLES, positions - position);
    if (samples.array(position) != null) {
      SampleLines.copy(samples, position, used, first, end, tile, STRIDE);
    } else {
      for (int i = 0; i < used; i++) {
        samples.read(position + i, first, end, tile, BASE + i * STRIDE);
      }
    }
    int scale = scaling == IDENTITY ? BASE : BASE + first;
    int shift = scale + (scaling == IDENTITY ? FEATURES : features);
    int at = outStart + first * outStride + position;
    for (int i = 0; i < used; i += L) {
      TileTransposition.run(
          tile,
          BASE + i * STRIDE,
          STRIDE,
          end - first,
          scaling,
          scale,
          shift,
          block,
          out,
          at + i,
          outStride);
    }
  }
}
