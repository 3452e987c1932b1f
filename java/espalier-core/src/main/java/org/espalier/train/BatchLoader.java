/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.espalier.UserException;
import org.espalier.backend.Memory;
import org.espalier.backend.SampleReader;
import org.espalier.nn.Network;
import org.espalier.sparse.KeyedPermutation;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Brings batches of a sample source into a network's input. The order of an epoch is a keyed
 * permutation: nothing is shuffled or copied in memory, and any batch can be asked for at any time.
 */
public final class BatchLoader implements AutoCloseable {

  private static final int MIXUP = 16; // what the key of an order is used for, beside itself

  private final Network network;
  private final SampleSource source;
  private final int batchSize;
  private final int[] labels;
  private final SampleReader reader;
  private final DeviceBuffer labelBuffer;
  private final Targets plain;
  private final DeviceBuffer scaling;
  private SamplePass pass;
  private double mixupAlpha; // 0 for batches as they are
  private DeviceBuffer otherLabels; // null unless batches are mixed
  private long orderKey;
  private Mixup mixup; // of the batch loaded last

  /**
   * Creates the loader of batches in the order of the source.
   *
   * @param batchSize at most the network's largest batch
   */
  public BatchLoader(Network network, SampleSource source, int batchSize) {
    this.network = network;
    this.source = source;
    this.batchSize = batchSize;
    this.labels = new int[batchSize];
    this.reader = new Reader();
    this.pass = source.pass(IntUnaryOperator.identity(), 0);
    Memory memory = network.backend().memory();
    this.labelBuffer = memory.allocate(ElementType.INT32, batchSize);
    this.plain = new Targets(labelBuffer, null, 1);
    try {
      this.scaling = source.scaling().map(given -> upload(memory, given)).orElse(null);
    } catch (RuntimeException | Error failure) {
      labelBuffer.close();
      throw failure;
    }
  }

  /** Brings a scaling into the form that {@link org.espalier.backend.RowOps#gather} takes. */
  private static DeviceBuffer upload(Memory memory, FeatureScaling scaling) {
    int features = scaling.features();
    float[] both = Arrays.copyOf(scaling.scale(), 2 * features);
    System.arraycopy(scaling.shift(), 0, both, features, features);
    return memory.of(both);
  }

  /**
   * Checks that samples fit a network.
   *
   * @param what which samples they are, for the message
   * @throws UserException if they do not
   */
  public static void check(String what, Network network, SampleSource source) {
    if (source.size() == 0) {
      throw new UserException("There are no %s samples; expected at least one.".formatted(what));
    }
    if (source.features() != network.inputs() || source.classes() > network.outputs()) {
      throw new UserException(
          "The %s samples have %d features and %d classes, the network %d inputs and %d outputs; expected as many inputs as features and an output for each class."
              .formatted(
                  what, source.features(), source.classes(), network.inputs(), network.outputs()));
    }
    int scaled = source.scaling().map(FeatureScaling::features).orElse(source.features());
    if (scaled != source.features()) {
      throw new UserException(
          "The scaling of the %s samples is for %d features; expected %d, as they have."
              .formatted(what, scaled, source.features()));
    }
  }

  /** Mixes every batch with itself from now on, by {@link Mixup}, unless alpha is 0. */
  void mix(double alpha) {
    mixupAlpha = alpha;
    if (alpha > 0 && otherLabels == null) {
      otherLabels = network.backend().memory().allocate(ElementType.INT32, batchSize);
    }
  }

  /** Chooses the order of an epoch. */
  public void shuffle(long seed, int epoch) {
    orderKey = Keys.of(seed, epoch);
    KeyedPermutation order = new KeyedPermutation(source.size(), orderKey);
    pass.close();
    pass = source.pass(place -> (int) order.apply(place), orderKey);
  }

  /** Returns the number of batches of an epoch. */
  public int batches() {
    return (source.size() + batchSize - 1) / batchSize;
  }

  /**
   * Returns how many samples the batches from {@code first} on have that are before {@code end}.
   */
  int samples(int first, int end) {
    return Math.min(end * batchSize, source.size()) - first * batchSize;
  }

  /**
   * Returns the network's input, filled with the given batch of the epoch; the last may be small.
   */
  public Tensor load(int batch) {
    int first = batch * batchSize;
    int count = Math.min(batchSize, source.size() - first);
    mixup = mixupAlpha > 0 ? Mixup.draw(mixupAlpha, count, Keys.of(orderKey, MIXUP, batch)) : null;
    return fill(first, count, source.size() - first - count);
  }

  /**
   * Returns the network's input, filled with samples of the epoch from {@code first} on, beginning
   * again at its end; a whole batch if there are so many samples. It is never mixed.
   */
  Tensor loadFrom(int first) {
    mixup = null;
    return fill(first, Math.min(batchSize, source.size()), 0);
  }

  private Tensor fill(int first, int count, int following) {
    pass.prepare(first, count, following);
    for (int i = 0; i < count; i++) {
      labels[i] = pass.label(i);
    }
    network.backend().working("input");
    Tensor input = network.input(count);
    network.backend().rows().gather(reader, scaling, input);
    network.backend().memory().upload(labels, 0, labelBuffer, 0, count);
    if (mixup != null) {
      int[] others = IntStream.of(mixup.partners()).map(p -> labels[p]).toArray();
      network.backend().memory().upload(others, 0, otherLabels, 0, count);
    }
    return input;
  }

  /** The batch loaded last. Where it is mixed, it stands in no array. */
  private final class Reader implements SampleReader {

    private final ThreadLocal<float[]> partner = ThreadLocal.withInitial(() -> new float[0]);

    @Override
    public void read(int position, int first, int end, float[] target, int at) {
      pass.read(position, first, end, target, at);
      if (mixup != null) {
        float[] other = partner.get();
        if (other.length < end - first) {
          other = new float[end - first];
          partner.set(other);
        }
        pass.read(mixup.partners()[position], first, end, other, 0);
        mixup.mix(target, at, other, end - first);
      }
    }

    @Override
    public float[] array(int position) {
      return mixup == null ? pass.array(position) : null;
    }

    @Override
    public int start(int position) {
      return pass.start(position);
    }
  }

  /** Returns what the outputs of the batch loaded last are compared with. */
  Targets targets() {
    return mixup == null ? plain : new Targets(labelBuffer, otherLabels, mixup.share());
  }

  /** Returns the labels of the batch loaded last. */
  public DeviceBuffer labels() {
    return labelBuffer;
  }

  /** Returns a copy of the first labels of the batch loaded last, on the host. */
  int[] labels(int count) {
    return Arrays.copyOf(labels, count);
  }

  @Override
  public void close() {
    pass.close();
    if (otherLabels != null) {
      otherLabels.close();
    }
    if (scaling != null) {
      scaling.close();
    }
    labelBuffer.close();
  }
}
