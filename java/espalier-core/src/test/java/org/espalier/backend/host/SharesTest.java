/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SharesTest {

  @Test
  void aThreadTakesItsOwnPartsFirstAndThenTheLastOfAnothers() {
    Shares shares = new Shares(2);
    for (int run = 0; run < 3; run++) {
      shares.deal(8);
      assertEquals(4, shares.take(1));
      assertEquals(List.of(0, 1, 2, 3, 7, 6, 5), takeAll(shares, 0));
      assertEquals(-1, shares.take(1));
    }
  }

  @Test
  void partsLeftOverByASlowThreadAreTakenFromTheNextOneOn() {
    Shares shares = new Shares(3);
    shares.deal(6);
    assertEquals(List.of(2, 3, 5, 4, 1, 0), takeAll(shares, 1));
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 0", "2, 4, 0 2", "3, 4, 0 1 2", "5, 2, 0 1", "7, 3, 0 1 2"})
  void ofFewPartsNoThreadHasTwoBeforeAnotherHasOne(int parts, int threads, String owners) {
    Shares shares = new Shares(threads);
    shares.deal(parts);
    List<String> found = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      if (shares.hasOwn(thread)) {
        found.add(Integer.toString(thread));
      }
    }
    assertEquals(owners, String.join(" ", found));
    assertTrue(shares.hasOwn(0), "the caller, who is awake, has the first");
    assertEquals(0, shares.take(0));
  }

  @Test
  void aShareHoldsAsManyPartsAsItSays() {
    Shares shares = new Shares(2);
    int most = (int) shares.most();
    shares.deal(most);
    assertEquals(most / 2, shares.take(1));
    assertEquals(0, shares.take(0));
    assertEquals(most - 2, takeAll(shares, 0).size());
    assertFalse(shares.hasOwn(1));
  }

  @Test
  void threadsThatTakeAtTheSameTimeNeverGetTheSamePart() throws InterruptedException {
    int threads = 4;
    int parts = 40_000;
    Shares shares = new Shares(threads);
    for (int run = 0; run < 20; run++) {
      AtomicIntegerArray taken = new AtomicIntegerArray(parts);
      shares.deal(parts);
      Thread[] team = new Thread[threads];
      for (int i = 0; i < threads; i++) {
        int thread = i;
        // the first threads have so much less to do that they steal from the last ones
        team[i] =
            new Thread(
                () -> {
                  for (int p = shares.take(thread); p >= 0; p = shares.take(thread)) {
                    taken.incrementAndGet(p);
                    for (int spin = 0; spin < 10 * thread; spin++) {
                      Thread.onSpinWait();
                    }
                  }
                });
      }
      for (Thread thread : team) {
        thread.start();
      }
      for (Thread thread : team) {
        thread.join();
      }
      for (int part = 0; part < parts; part++) {
        assertEquals(1, taken.get(part), "part " + part);
      }
    }
  }

  private static List<Integer> takeAll(Shares shares, int thread) {
    List<Integer> taken = new ArrayList<>();
    for (int part = shares.take(thread); part >= 0; part = shares.take(thread)) {
      taken.add(part);
    }
    return taken;
  }
}
