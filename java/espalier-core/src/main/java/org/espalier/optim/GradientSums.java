/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import java.util.ArrayList;
import java.util.List;
import org.espalier.nn.Network;
import org.espalier.nn.Parameter;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * Sums of the gradients of several backward passes, in one array more for each parameter, as long
 * as its gradient. Connections must not change between the passes.
 */
public final class GradientSums implements AutoCloseable {

  private final Network network;
  private final List<DeviceBuffer> sums = new ArrayList<>();
  private boolean empty = true;

  /** Prepares sums for a network, which stays the caller's; there is no memory yet. */
  public GradientSums(Network network) {
    this.network = network;
  }

  /** Adds the gradients that lie in the parameters' buffers. */
  public void add() {
    List<Parameter> parameters = network.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      if (empty) {
        DeviceBuffer sum = room(i, parameter.size());
        network.backend().memory().copy(parameter.gradient(), 0, sum, 0, parameter.size());
      } else {
        network.backend().updates().add(sums.get(i), parameter.gradient(), parameter.size(), 1);
      }
    }
    empty = false;
  }

  private DeviceBuffer room(int index, long size) {
    network.backend().working("sums of gradients");
    if (index == sums.size()) {
      sums.add(network.backend().memory().allocate(ElementType.FLOAT32, size));
    } else if (sums.get(index).length() < size) {
      sums.get(index).close();
      sums.set(index, network.backend().memory().allocate(ElementType.FLOAT32, size));
    }
    return sums.get(index);
  }

  /** Adds the sums to the gradients in the parameters' buffers, and begins anew. */
  public void moveToGradients() {
    List<Parameter> parameters = network.parameters();
    for (int i = 0; i < parameters.size() && !empty; i++) {
      Parameter parameter = parameters.get(i);
      network.backend().updates().add(parameter.gradient(), sums.get(i), parameter.size(), 1);
    }
    empty = true;
  }

  /** Tells whether there is nothing to add. */
  public boolean isEmpty() {
    return empty;
  }

  @Override
  public void close() {
    sums.forEach(DeviceBuffer::close);
    sums.clear();
  }
}
