/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pass that waits for ever is a failure: hence another thread for each test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DecodingPassTest {

  private static final int SIZE = 50;
  private static final int FEATURES = 10;

  private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger makersClosed = new AtomicInteger();

  /** Makes samples whose every byte tells the sample. */
  private final class Numbers implements SampleMaker {

    @Override
    public byte[] make(int sample) {
      workers.add(Thread.currentThread());
      started.incrementAndGet();
      byte[] made = new byte[FEATURES];
      Arrays.fill(made, (byte) sample);
      made[0] = (byte) 255;
      return made;
    }

    @Override
    public void close() {
      makersClosed.incrementAndGet();
    }
  }

  private DecodingPass pass(Supplier<SampleMaker> makers, int threads, int slots) {
    return new DecodingPass(
        makers,
        place -> (7 * place + 3) % SIZE,
        sample -> sample % 4,
        SIZE,
        FEATURES,
        threads,
        (long) slots * FEATURES + FEATURES / 2);
  }

  private static void assertBatch(DecodingPass pass, int first, int count) {
    float[] target = new float[3];
    for (int i = 0; i < count; i++) {
      int sample = (7 * ((first + i) % SIZE) + 3) % SIZE;
      assertEquals(sample % 4, pass.label(i));
      pass.read(i, 4, 6, target, 1);
      assertArrayEquals(new float[] {0, sample, sample}, target);
      pass.read(i, 0, 1, target, 0);
      assertEquals(255, target[0]);
      target[0] = 0;
    }
  }

  private static void await(BooleanSupplier condition) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          while (!condition.getAsBoolean()) {
            Thread.sleep(5);
          }
        });
  }

  private boolean threadsGone() {
    return workers.stream().noneMatch(Thread::isAlive);
  }

  @Test
  void batchesComeInOrderWithAnyNumberOfThreadsAndSlots() {
    for (int threads : new int[] {1, 2, 7}) {
      for (int slots : new int[] {8, 13, 100}) {
        try (DecodingPass pass = pass(Numbers::new, threads, slots)) {
          for (int first = 0; first < SIZE; first += 8) {
            int count = Math.min(8, SIZE - first);
            pass.prepare(first, count, SIZE - first - count);
            assertBatch(pass, first, count);
          }
        }
      }
    }
  }

  @Test
  void aPassBeginsAnywhereGoesOnAnywhereAndWrapsAround() {
    try (DecodingPass pass = pass(Numbers::new, 3, 20)) {
      for (int first : new int[] {24, 32, 40, 0, 44, 43, 43, 5, 10}) {
        pass.prepare(first, 8, first == 24 ? 18 : 0);
        assertBatch(pass, first, 8);
      }
    }
  }

  @Test
  void noMoreIsMadeThanFitsIntoTheMemory() {
    try (DecodingPass pass = pass(Numbers::new, 4, 12)) {
      pass.prepare(0, 5, SIZE - 5);
      await(() -> started.get() == 12);
      pause();
      assertEquals(12, started.get());
      assertBatch(pass, 0, 5);
      pass.prepare(5, 5, SIZE - 10);
      await(() -> started.get() == 17);
      pause();
      assertEquals(17, started.get());
      assertBatch(pass, 5, 5);
    }
  }

  @Test
  void nothingIsMadeThatIsNotAskedFor() {
    try (DecodingPass pass = pass(Numbers::new, 4, 40)) {
      pause();
      assertEquals(0, started.get());
      pass.prepare(0, 5, 3);
      await(() -> started.get() == 8);
      pause();
      assertEquals(8, started.get());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(60);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void samplesAreMadeAheadWhileTheReaderIsAway() {
    try (DecodingPass pass = pass(Numbers::new, 2, 40)) {
      pass.prepare(0, 4, SIZE - 4);
      await(() -> started.get() == 40);
    }
  }

  @Test
  void aBatchThatDoesNotFitIsRefused() {
    try (DecodingPass pass = pass(Numbers::new, 2, 6)) {
      UserException e = assertThrows(UserException.class, () -> pass.prepare(0, 7, 0));
      assertEquals(
          "A batch of 7 images of 10 bytes does not fit into the memory for decoded images, which holds 6; expected a smaller batch or more memory.",
          e.getMessage());
    }
  }

  @Test
  void closingEndsAllThreadsAndClosesTheirMakers() {
    DecodingPass pass = pass(Numbers::new, 3, 6);
    pass.prepare(0, 6, SIZE - 6);
    pass.close();
    assertTrue(threadsGone());
    assertFalse(workers.isEmpty());
    assertTrue(makersClosed.get() >= workers.size());
    pass.close();
    assertThrows(IllegalStateException.class, () -> pass.prepare(0, 1, 0));
  }

  @Test
  void threadsEndWhenTheReaderIsGoneWithoutClosing() throws InterruptedException {
    DecodingPass pass = pass(Numbers::new, 3, 10);
    Thread reader = new Thread(() -> pass.prepare(0, 5, SIZE - 5));
    reader.start();
    reader.join();
    await(this::threadsGone);
    pass.prepare(5, 5, 0);
    assertBatch(pass, 5, 5);
    pass.close();
    assertTrue(threadsGone());
  }

  @Test
  void failuresArriveAsTheyAreAtTheBatchThatHasThem() {
    UserException broken = new UserException("broken");
    Supplier<SampleMaker> makers =
        () ->
            new SampleMaker() {
              @Override
              public byte[] make(int sample) {
                if (sample == 38) { // at place 5
                  throw broken;
                }
                return new byte[FEATURES];
              }

              @Override
              public void close() {
                // nothing was opened
              }
            };
    try (DecodingPass pass = pass(makers, 3, 20)) {
      pass.prepare(0, 5, 45);
      assertSame(broken, assertThrows(UserException.class, () -> pass.prepare(5, 5, 40)));
      assertSame(broken, assertThrows(UserException.class, () -> pass.prepare(4, 5, 40)));
      pass.prepare(6, 5, 39);
    }
  }

  @Test
  void aMakerThatCannotBeHadIsAFailureToo() {
    Error error = new NoClassDefFoundError("javax/imageio/ImageIO");
    Supplier<SampleMaker> makers =
        () -> {
          throw error;
        };
    try (DecodingPass pass = pass(makers, 2, 20)) {
      assertSame(error, assertThrows(Error.class, () -> pass.prepare(0, 5, 0)));
    }
  }

  /** The ring has one slot for places 0 and 8: a late sample must not end up in the wrong one. */
  @Test
  void goingElsewhereWaitsForWhatIsUnderWay() {
    CountDownLatch slow = new CountDownLatch(1);
    Supplier<SampleMaker> makers =
        () ->
            new SampleMaker() {
              @Override
              public byte[] make(int sample) {
                if (sample == 7 * 3 + 3) { // place 3, made ahead of the first batch
                  slow.countDown();
                  pause();
                }
                return new Numbers().make(sample);
              }

              @Override
              public void close() {
                // nothing was opened
              }
            };
    try (DecodingPass pass = pass(makers, 2, 8)) {
      pass.prepare(0, 3, 20);
      await(() -> slow.getCount() == 0);
      pass.prepare(35, 8, 0); // place 35 has the slot of place 3
      assertBatch(pass, 35, 8);
      pause();
      assertBatch(pass, 35, 8);
    }
  }
}
