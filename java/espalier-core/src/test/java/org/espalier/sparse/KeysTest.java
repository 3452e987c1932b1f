/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeysTest {

  /** The first outputs of SplitMix64 seeded with 0, as its authors' program prints them. */
  @Test
  void hashWalksTheSplitMixSequence() {
    assertEquals(0xE220A8397B1DCDAFL, Keys.hash(0, 0));
    assertEquals(0x6E789E6AA1B965F4L, Keys.hash(0, 1));
    assertEquals(0x06C45D188009454FL, Keys.hash(0, 2));
  }

  /** Published test vectors of MurmurHash3's 32-bit finalizer. */
  @Test
  void mixOfAnIntIsMurmurs() {
    assertEquals(0, Keys.mix(0));
    assertEquals(0x514E28B7, Keys.mix(1));
  }

  @Test
  void keysDependOnEveryPartAndOnTheirOrder() {
    Set<Long> keys = new HashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      assertTrue(keys.add(Keys.of(seed)));
      for (long layer = 0; layer < 10; layer++) {
        assertTrue(keys.add(Keys.of(seed, layer)));
        for (long update = 0; update < 10; update++) {
          assertTrue(keys.add(Keys.of(seed, layer, update)));
        }
      }
    }
    assertNotEquals(Keys.of(1, 2, 3), Keys.of(1, 3, 2));
  }

  @Test
  void changingOneInputBitChangesAboutHalfOfTheOutputBits() {
    long changed = 0;
    int trials = 0;
    for (long index = 0; index < 200; index++) {
      for (int bit = 0; bit < 20; bit++) {
        changed += Long.bitCount(Keys.hash(9, index) ^ Keys.hash(9, index ^ 1L << bit));
        trials++;
      }
    }
    assertEquals(32.0, changed / (double) trials, 0.5);
  }
}
