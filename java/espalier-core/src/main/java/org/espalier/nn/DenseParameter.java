/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** A parameter of fixed size: bias, dense weight, knees of an activation. */
public final class DenseParameter implements Parameter {

  private final Backend backend;
  private final String name;
  private final boolean decays;
  private final DeviceBuffer values;
  private final DeviceBuffer gradient;
  private final List<DeviceBuffer> state = new ArrayList<>();

  /** Allocates the parameter and its gradient. */
  public DenseParameter(Backend backend, String name, float[] initial, boolean decays) {
    this.backend = backend;
    this.name = name;
    this.decays = decays;
    try (Acquired acquired = new Acquired()) {
      this.values = acquired.add(backend.memory().of(initial));
      this.gradient = backend.memory().allocate(ElementType.FLOAT32, initial.length);
      acquired.keep();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return values.length();
  }

  @Override
  public DeviceBuffer values() {
    return values;
  }

  @Override
  public DeviceBuffer gradient() {
    return gradient;
  }

  @Override
  public List<DeviceBuffer> state() {
    return state;
  }

  @Override
  public void addState() {
    state.add(backend.memory().allocate(ElementType.FLOAT32, size()));
  }

  @Override
  public boolean decays() {
    return decays;
  }

  @Override
  public void updated() {
    // nothing is derived from dense values
  }

  @Override
  public void close() {
    values.close();
    gradient.close();
    state.forEach(DeviceBuffer::close);
    state.clear();
  }
}
