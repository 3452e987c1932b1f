/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.jcusparse.JCusparse;
import jcuda.jcusparse.cusparseHandle;
import org.espalier.UserException;
import org.espalier.cuda.interop.JcudaBridge;
import org.espalier.cuda.interop.SharedDevice;

/** An open cuSPARSE on the stream of a backend. */
final class CusparseHandle implements AutoCloseable {

  /** The number 1, to scale with. */
  final Pointer one = Pointer.to(new float[] {1});

  /** The number 0, to scale with. */
  final Pointer zero = Pointer.to(new float[] {0});

  private final SharedDevice device;
  private final cusparseHandle handle = new cusparseHandle();
  private final int[] version = new int[1];
  private String part = "";

  /**
   * Opens cuSPARSE; {@link CusparseLibrary} has been asked whether it is there.
   *
   * @throws UserException if it cannot be used on this device
   */
  CusparseHandle(SharedDevice device) {
    this.device = device;
    var stream = new JcudaBridge(device).stream();
    try {
      JCusparse.cusparseCreate(handle);
      JCusparse.cusparseSetStream(handle, stream);
      JCusparse.cusparseGetVersion(handle, version);
    } catch (CudaException failure) {
      throw new UserException(
          "cuSPARSE cannot be started: it answered %s; use a libcusparse.so.12 that fits the driver, or --backend cuda."
              .formatted(failure.getMessage()),
          failure);
    }
  }

  /** Returns the version as people write it, such as 12.5.4. */
  String version() {
    return "%d.%d.%d".formatted(version[0] / 1000, version[0] % 1000 / 100, version[0] % 100);
  }

  /** Notes what the products that follow are for. */
  void working(String on) {
    part = on;
  }

  /** A call of cuSPARSE. */
  @FunctionalInterface
  interface Call {

    /** Makes the call, with exceptions enabled. */
    void with(cusparseHandle handle);
  }

  /**
   * Makes calls that enqueue work after everything that was asked of the backend.
   *
   * @param what the product and its shape, for people
   */
  void enqueue(String what, Call call) {
    device.stream();
    try {
      call.with(handle);
    } catch (CudaException failure) {
      throw new UserException(
          "cuSPARSE answered %s to %s%s; --backend cuda does without it."
              .formatted(
                  failure.getMessage(), what, part.isEmpty() ? "" : " (working on '" + part + "')"),
          failure);
    }
  }

  @Override
  public void close() {
    JCusparse.cusparseDestroy(handle);
  }
}
