/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.tensor.DeviceBuffer;

/** Numbers that training changes, with their gradient and the optimizer's state. */
public sealed interface Parameter extends AutoCloseable permits DenseParameter, SparseParameter {

  /** Returns the name, unique in its network, such as {@code linear1.weight}. */
  String name();

  /** Returns how many numbers there are now. */
  long size();

  /** Returns the numbers, FLOAT32. */
  DeviceBuffer values();

  /** Returns the gradient of the last backward pass, as long as the values. */
  DeviceBuffer gradient();

  /** Returns the optimizer's arrays, each as long as the values. */
  List<DeviceBuffer> state();

  /** Adds an optimizer's array of zeros. */
  void addState();

  /** Tells whether weight decay applies; it does not to biases and activation parameters. */
  boolean decays();

  /** Must be called after the values changed, to bring derived copies up to date. */
  void updated();

  @Override
  void close();
}
