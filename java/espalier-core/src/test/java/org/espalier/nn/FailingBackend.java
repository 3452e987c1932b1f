/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.DenseProducts;
import org.espalier.backend.ImageOps;
import org.espalier.backend.LossOps;
import org.espalier.backend.Memory;
import org.espalier.backend.RowOps;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.TopologyOps;
import org.espalier.backend.UpdateOps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** A backend that runs out of memory at a chosen allocation. */
final class FailingBackend implements Backend {

  private final Backend real;
  private final Memory memory;

  /** The allocation after the given number of them fails. */
  FailingBackend(Backend real, int successes) {
    this.real = real;
    this.memory = new FailingMemory(real.memory(), successes);
  }

  private static final class FailingMemory implements Memory {

    private final Memory real;
    private int left;

    FailingMemory(Memory real, int successes) {
      this.real = real;
      this.left = successes;
    }

    @Override
    public DeviceBuffer allocate(ElementType type, long length) {
      if (left-- == 0) {
        throw new UserException("Out of memory, as the test asked for.");
      }
      return real.allocate(type, length);
    }

    @Override
    public void upload(float[] source, int from, DeviceBuffer target, long at, int count) {
      real.upload(source, from, target, at, count);
    }

    @Override
    public void upload(int[] source, int from, DeviceBuffer target, long at, int count) {
      real.upload(source, from, target, at, count);
    }

    @Override
    public void download(DeviceBuffer source, long at, float[] target, int from, int count) {
      real.download(source, at, target, from, count);
    }

    @Override
    public void download(DeviceBuffer source, long at, int[] target, int from, int count) {
      real.download(source, at, target, from, count);
    }

    @Override
    public void copy(DeviceBuffer source, long from, DeviceBuffer target, long at, long count) {
      real.copy(source, from, target, at, count);
    }

    @Override
    public void fill(DeviceBuffer target, long at, long count, float value) {
      real.fill(target, at, count, value);
    }

    @Override
    public long liveBuffers() {
      return real.liveBuffers();
    }

    @Override
    public long liveBytes() {
      return real.liveBytes();
    }
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String description() {
    return real.description();
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public SparseProducts sparse() {
    return real.sparse();
  }

  @Override
  public DenseProducts dense() {
    return real.dense();
  }

  @Override
  public RowOps rows() {
    return real.rows();
  }

  @Override
  public ImageOps images() {
    return real.images();
  }

  @Override
  public LossOps losses() {
    return real.losses();
  }

  @Override
  public UpdateOps updates() {
    return real.updates();
  }

  @Override
  public TopologyOps topology() {
    return real.topology();
  }

  @Override
  public void close() {
    real.close();
  }
}
