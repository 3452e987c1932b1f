/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.nn.Network;
import org.espalier.nn.SparseParameter;

/** The numbers of a network's sparse layers, input first, as copies on the host. */
record SparseValues(Memory memory, List<SparseParameter> layers) {

  static SparseValues of(Network network) {
    List<SparseParameter> layers =
        network.parameters().stream()
            .filter(SparseParameter.class::isInstance)
            .map(SparseParameter.class::cast)
            .toList();
    return new SparseValues(network.backend().memory(), layers);
  }

  List<float[]> read() {
    return layers.stream().map(p -> memory.floats(p.values(), (int) p.size())).toList();
  }

  List<float[]> readGradients() {
    return layers.stream().map(p -> memory.floats(p.gradient(), (int) p.size())).toList();
  }

  void write(List<float[]> values) {
    for (int l = 0; l < layers.size(); l++) {
      SparseParameter layer = layers.get(l);
      memory.upload(values.get(l), 0, layer.values(), 0, (int) layer.size());
      layer.updated();
    }
  }
}
