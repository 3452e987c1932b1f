/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.cpu.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.espalier.backend.Epilogue;
import org.espalier.backend.host.WorkerPool;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Dense convolution and its input gradient: for one tile of positions after the other, what the
 * taps read is copied to a panel in the second-level cache, and {@link GemmTile} multiplies that. A
 * panel costs a load and a store for each of its numbers, which as many fma use as there are rows.
 */
final class ConvolutionKernel implements WorkerPool.Task {

  private final WorkerPool pool;
  private final float[][] panels;
  private final TileHalo[] halos;
  private final RowEpilogue finish = new RowEpilogue();
  private float[] turned = new float[0];
  private int[] reads = new int[0]; // for each number of the depth, from the operand's start

  private float[] weights;
  private int firstWeight;
  private float[] biases;
  private int depth;
  private int rows;
  private int firstRow; // of the result
  private int rowStep;
  private float[] in;
  private int inStart;
  private float[] out;
  private int outStart;
  private int outStride;
  private ImageGrid grid; // of the result
  private int positions;
  private int vectors;
  private int tiles;
  private int parts;

  ConvolutionKernel(WorkerPool pool) {
    this.pool = pool;
    this.panels = new float[pool.threads()][0];
    this.halos = new TileHalo[pool.threads()];
    Arrays.setAll(halos, i -> new TileHalo());
  }

  /** Y = W X. */
  void forward(
      float[] matrix, Taps taps, DeviceBuffer bias, Tensor x, Tensor y, Epilogue epilogue) {
    open(x, y, epilogue, taps.output());
    weights = matrix;
    firstWeight = BASE;
    biases = bias == null ? null : floats(bias);
    int channels = x.rows() / taps.phases().size();
    makeRoom(channels * taps.count());
    taps.fillOffsets(channels, x.stride(), reads);
    rows = y.rows();
    firstRow = 0;
    rowStep = 1;
    multiply();
    close();
  }

  /** The input gradient: a product for each phase, with the weights turned round. */
  void transposed(float[] matrix, Taps taps, Tensor dy, Tensor dx, Epilogue epilogue) {
    open(dy, dx, epilogue, taps.input());
    int phases = taps.phases().size();
    int channels = dx.rows() / phases;
    biases = null;
    rows = channels;
    rowStep = phases;
    for (int phase = 0; phase < phases; phase++) {
      turn(matrix, taps, phase, channels, dy);
      weights = turned;
      firstWeight = 0;
      firstRow = phase;
      multiply();
    }
    close();
  }

  private void open(Tensor x, Tensor y, Epilogue epilogue, ImageGrid pixels) {
    vectors = Lanes.vectors(x, y);
    tiles = (vectors + GemmTile.VECTORS - 1) / GemmTile.VECTORS;
    in = floats(x.buffer());
    inStart = start(x);
    out = floats(y.buffer());
    outStart = start(y);
    outStride = y.stride();
    positions = y.positions();
    grid = pixels;
    finish.open(epilogue, y);
  }

  private void close() {
    finish.close();
    weights = null;
    biases = null;
    in = null;
    out = null;
  }

  private void makeRoom(int reading) {
    depth = reading;
    if (reads.length < depth) {
      reads = new int[depth];
    }
  }

  /** Makes a matrix of a row for each channel: for each tap of the phase, each output. */
  private void turn(float[] matrix, Taps taps, int phase, int channels, Tensor dy) {
    int first = taps.firstTap(phase);
    int count = taps.firstTap(phase + 1) - first;
    int outputs = dy.rows();
    int columns = channels * taps.count();
    makeRoom(count * outputs);
    if (turned.length < channels * depth) {
      turned = new float[channels * depth];
    }
    for (int t = 0; t < count; t++) {
      for (int r = 0; r < outputs; r++) {
        int k = t * outputs + r;
        reads[k] = r * dy.stride() - taps.shift(first + t);
        for (int c = 0; c < channels; c++) {
          turned[c * depth + k] = matrix[BASE + r * columns + c * taps.count() + first + t];
        }
      }
    }
  }

  private void multiply() {
    for (int worker = 0; worker < panels.length; worker++) {
      int least = BASE + depth * GemmTile.VECTORS * L;
      if (panels[worker].length < least) {
        panels[worker] = new float[least];
      }
    }
    long work = (long) rows * (depth + 1) * vectors;
    parts = Math.min(Split.parts(pool, work), tiles);
    pool.run(parts, this);
  }

  @Override
  public void run(int part, int worker) {
    int end = (int) Split.start(tiles, part + 1, parts);
    for (int tile = (int) Split.start(tiles, part, parts); tile < end; tile++) {
      int v0 = (int) Split.start(vectors, tile, tiles);
      int v1 = (int) Split.start(vectors, tile + 1, tiles);
      fill(panels[worker], in, inStart + v0 * L, reads, depth, (v1 - v0) * L);
      product(v0, v1 - v0, panels[worker]);
      TileHalo halo = halos[worker];
      halo.set(grid, v0 * L, v1 * L, positions, outStride);
      for (int r = 0; r < rows; r++) {
        int row = firstRow + r * rowStep;
        finish.rows(row, row + 1, v0, v1);
        halo.clear(out, outStart + row * outStride);
      }
    }
  }

  private static void fill(float[] panel, float[] in, int from, int[] reads, int count, int width) {
    int to = BASE;
    for (int k = 0; k < count; k++) {
      int read = from + reads[k];
      for (int i = 0; i < width; i += L) {
        FloatVector.fromArray(Lanes.F, in, read + i).intoArray(panel, to + i);
      }
      to += width;
    }
  }

  private void product(int v0, int width, float[] panel) {
    GemmTile.product(
        false,
        rows,
        GemmTile.rowsOfTile(rows, false),
        width,
        depth,
        weights,
        firstWeight,
        depth,
        panel,
        BASE,
        width * L,
        out,
        outStart + firstRow * outStride + v0 * L,
        rowStep * outStride,
        biases,
        BASE);
  }
}
