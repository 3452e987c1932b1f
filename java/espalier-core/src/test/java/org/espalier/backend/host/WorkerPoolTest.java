/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerPoolTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyPartIsDoneExactlyOnceInEveryRun(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      AtomicIntegerArray done = new AtomicIntegerArray(100);
      for (int run = 1; run <= 2_000; run++) {
        int parts = run % 101;
        pool.run(parts, (part, worker) -> done.incrementAndGet(part));
        for (int part = 0; part < done.length(); part++) {
          assertEquals(part < parts ? 1 : 0, done.getAndSet(part, 0), "part " + part);
        }
      }
    }
  }

  @Test
  void whatTheWorkersWriteIsSeenByTheCaller() {
    int[] plain = new int[64];
    try (WorkerPool pool = new WorkerPool(4)) {
      for (int run = 1; run <= 5_000; run++) {
        int value = run;
        pool.run(plain.length, (part, worker) -> plain[part] = value);
        for (int element : plain) {
          assertEquals(run, element);
        }
      }
    }
  }

  @Test
  void threadsWorkAtTheSameTimeAndHaveDistinctNumbers() {
    int threads = 3;
    Set<Integer> workers = ConcurrentHashMap.newKeySet();
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(threads);
    try (WorkerPool pool = new WorkerPool(threads)) {
      pool.run(
          threads,
          (part, worker) -> {
            workers.add(worker);
            seen.add(Thread.currentThread());
            all.countDown();
            await(all); // nobody gets on before each has a part
          });
    }
    assertEquals(Set.of(0, 1, 2), workers);
    assertEquals(threads, seen.size());
    assertTrue(seen.contains(Thread.currentThread()));
  }

  @Test
  void sleepingWorkersWakeUp() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(2)) {
      for (int run = 0; run < 3; run++) {
        Thread.sleep(30); // far beyond spinning and yielding
        CountDownLatch both = new CountDownLatch(2);
        pool.run(
            2,
            (part, worker) -> {
              both.countDown();
              await(both);
            });
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatAPartThrowsReachesTheCallerAndThePoolGoesOn(int threads) {
    IllegalArgumentException thrown = new IllegalArgumentException("part 3");
    AtomicIntegerArray done = new AtomicIntegerArray(10);
    try (WorkerPool pool = new WorkerPool(threads)) {
      Throwable caught =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  pool.run(
                      10,
                      (part, worker) -> {
                        if (part == 3) {
                          throw thrown;
                        }
                      }));
      assertSame(thrown, caught);
      pool.run(10, (part, worker) -> done.incrementAndGet(part));
      for (int part = 0; part < 10; part++) {
        assertEquals(1, done.get(part));
      }
    }
  }

  @Test
  void aRunInsideARunIsRefused() {
    try (WorkerPool pool = new WorkerPool(2)) {
      assertThrows(
          IllegalStateException.class,
          () -> pool.run(2, (part, worker) -> pool.run(2, (inner, number) -> {})));
    }
  }

  @Test
  void aRunOfTooManyPartsIsRefusedAndThePoolGoesOn() {
    try (WorkerPool pool = new WorkerPool(2)) {
      assertThrows(
          IllegalArgumentException.class, () -> pool.run(Integer.MAX_VALUE, (part, worker) -> {}));
      AtomicIntegerArray done = new AtomicIntegerArray(5);
      pool.run(5, (part, worker) -> done.incrementAndGet(part));
      for (int part = 0; part < 5; part++) {
        assertEquals(1, done.get(part));
      }
    }
  }

  @Test
  void closingEndsTheThreadsAndLaterRunsAreRefused() throws InterruptedException {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(2);
    WorkerPool pool = new WorkerPool(2);
    pool.run(
        2,
        (part, worker) -> {
          seen.add(Thread.currentThread());
          both.countDown();
          await(both);
        });
    pool.close();
    pool.close();
    seen.remove(Thread.currentThread());
    for (Thread thread : seen) {
      thread.join(10_000);
      assertFalse(thread.isAlive());
    }
    assertThrows(IllegalStateException.class, () -> pool.run(1, (part, worker) -> {}));
  }

  @Test
  void aRunAllocatesNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int[] sink = new int[8];
    WorkerPool.Task task = (part, worker) -> sink[part]++;
    try (WorkerPool pool = new WorkerPool(2)) {
      for (int run = 0; run < 1_000; run++) {
        pool.run(8, task);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int run = 0; run < 1_000; run++) {
        pool.run(8, task);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 1_000, allocated + " bytes in 1000 runs");
    }
  }

  @Test
  void aTeamHasAtLeastOneMember() {
    assertThrows(IllegalArgumentException.class, () -> new WorkerPool(0));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS), "a worker never came");
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
