/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.backend.PendingFloats;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.optim.LearningRate;
import org.espalier.optim.Sgd;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.UpdateSchedule;
import org.espalier.topology.UpdateSchedule.Unit;
import org.junit.jupiter.api.Test;

/** A device that works on its own tells the loss of a step when the next one is under way. */
class LateOutcomesTest {

  private int waiting;
  private int mostWaiting;

  /** The backend, with outcomes that are never there when they are asked for. */
  private Backend late(Backend backend) {
    Memory memory =
        proxy(
            Memory.class,
            (self, method, arguments) ->
                method.getName().equals("downloadLater")
                    ? late(
                        backend
                            .memory()
                            .downloadLater(
                                (DeviceBuffer) arguments[0],
                                (long) arguments[1],
                                (int) arguments[2]))
                    : invoke(backend.memory(), method, arguments));
    return proxy(
        Backend.class,
        (self, method, arguments) ->
            method.getName().equals("memory") ? memory : invoke(backend, method, arguments));
  }

  private PendingFloats late(PendingFloats there) {
    mostWaiting = Math.max(mostWaiting, ++waiting);
    return new PendingFloats() {
      @Override
      public boolean ready() {
        return false;
      }

      @Override
      public void get(float[] target, int from) {
        waiting--;
        there.get(target, from);
      }
    };
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }

  private static Runs.Bits train(Backend backend, TrainingPlan plan, Recorder recorder) {
    try (Network network = Runs.network(backend, 16)) {
      new Trainer(network, plan, recorder).fit(Runs.clouds(100, 1), Runs.clouds(60, 2));
      return Runs.bits(network);
    }
  }

  private static TrainingPlan plan(double learningRate, double clipNorm) {
    return new TrainingPlan(
        3,
        16,
        3,
        new Loss.SoftmaxCrossEntropy(0.05f),
        new Sgd(0.9f, true, 1e-3f),
        new LearningRate.Constant(learningRate),
        clipNorm,
        new TopologyPlan(PruneAndGrow.set(), new UpdateSchedule(Unit.STEPS, 4, 1), 1),
        1);
  }

  @Test
  void changeNothing() {
    for (double clipNorm : new double[] {0, 2}) {
      try (Backend backend = new ScalarBackend()) {
        Recorder expected = new Recorder();
        Runs.Bits bits = train(backend, plan(0.05, clipNorm), expected);
        Recorder actual = new Recorder();
        mostWaiting = 0;
        assertEquals(bits, train(late(backend), plan(0.05, clipNorm), actual));
        assertEquals(expected.losses, actual.losses);
        assertEquals(expected.reports, actual.reports);
        assertEquals(expected.order, actual.order);
        assertEquals(0, waiting, "outcomes never asked for");
        assertEquals(2, mostWaiting, "the evaluation at least reads behind the device");
        assertEquals(0, backend.memory().liveBuffers());
      }
    }
  }

  @Test
  void divergenceIsBlamedOnTheStepItHappenedIn() {
    try (Backend backend = new ScalarBackend()) {
      List<String> messages =
          Stream.of(backend, late(backend))
              .map(each -> diverge(each, plan(1e30, 0)).replaceAll(" \\(.*", ""))
              .toList();
      assertTrue(messages.get(0).contains("in epoch 1, step "), messages.get(0));
      assertEquals(messages.get(0), messages.get(1));
    }
  }

  private static String diverge(Backend backend, TrainingPlan plan) {
    return assertThrows(DivergenceException.class, () -> train(backend, plan, new Recorder()))
        .getMessage();
  }
}
