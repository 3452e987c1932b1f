/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.measure.TopologyMeasures;
import org.espalier.measure.TopologyTracker;
import org.espalier.nn.Network;
import org.espalier.train.State;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.junit.jupiter.api.Test;

class TopologyTrackerTest {

  private static BitSet positions(LayerTopology layer) {
    BitSet set = new BitSet();
    for (int r = 0; r < layer.outputs(); r++) {
      for (int k = layer.rowStart()[r]; k < layer.rowStart()[r + 1]; k++) {
        set.set(r * layer.inputs() + layer.column()[k]);
      }
    }
    return set;
  }

  private static double jaccard(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    BitSet either = (BitSet) a.clone();
    either.or(b);
    return 1 - both.cardinality() / (double) either.cardinality();
  }

  @Test
  void saysWhatCountingEveryPositionSays() {
    try (Backend backend = Backends.open("cpu-scalar", 1);
        Network network = SmallRun.network(backend)) {
      TopologyTracker tracker = new TopologyTracker(network);
      BitSet start = positions(LayerTopology.of(network).get(0));
      BitSet ever = (BitSet) start.clone();
      List<BitSet> seen = new ArrayList<>(List.of(start));
      TrainingListener check =
          new TrainingListener() {
            @Override
            public void onTopologyUpdate(TopologyReport report) {
              TopologyMeasures measures = tracker.update();
              LayerTopology layer = LayerTopology.of(network).get(0);
              BitSet now = positions(layer);
              ever.or(now);
              double cells = layer.outputs() * layer.inputs();
              TopologyMeasures.Movement found = measures.layers().get(0);
              assertEquals(ever.cardinality() / cells, found.explored(), 1e-12);
              assertEquals(jaccard(start, now), found.fromStart(), 1e-12);
              assertEquals(jaccard(seen.get(seen.size() - 1), now), found.fromLast(), 1e-12);
              assertEquals(layer.density(), found.density(layer.nnz()), 1e-12);
              seen.add(now);
            }
          };
      new Trainer(network, SmallRun.plan(6), check)
          .fit(SmallRun.samples(200, 1), SmallRun.samples(50, 2));
      assertEquals(7, seen.size());
      assertTrue(
          tracker.measures().overall().explored() > LayerTopology.of(network).get(0).density());
      assertEquals(start.cardinality(), tracker.start().get(0).size());
      assertTrue(tracker.measures().overall().fromStart() > 0.1);
    }
  }

  @Test
  void aCheckpointMadeWithoutItIsNoReasonToRefuse() {
    try (Backend backend = Backends.open("cpu-scalar", 1);
        Network network = SmallRun.network(backend)) {
      State state = new State("some.ckpt");
      assertTrue(TopologyTracker.resume(network, state).isEmpty());
      new TopologyTracker(network).save(state);
      assertFalse(TopologyTracker.resume(network, state).isEmpty());
      state.put("measure.ever.linear1.data", new int[1]);
      assertThrows(UserException.class, () -> TopologyTracker.resume(network, state));
    }
  }
}
