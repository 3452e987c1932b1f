/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;

class CudaSettingsTest {

  @Test
  void nothingSetMeansTheFirstDeviceWithoutChecking() {
    assertEquals(new CudaSettings(0, false, 0), CudaSettings.of(name -> null));
  }

  @Test
  void everySettingIsRead() {
    Map<String, String> set =
        Map.of("ESPALIER_CUDA_DEVICE", "3", "ESPALIER_CUDA_CHECK", "1", "ESPALIER_SCHEDULE", "77");
    assertEquals(new CudaSettings(3, true, 77), CudaSettings.of(set::get));
  }

  @Test
  void whatIsNotANumberIsToldWithWhatWasExpected() {
    for (String wrong : new String[] {"first", "-1", "2"}) {
      UserException told =
          assertThrows(
              UserException.class,
              () -> CudaSettings.of(name -> name.endsWith("CHECK") ? wrong : null));
      assertEquals(
          "ESPALIER_CUDA_CHECK is '%s'; expected a number from 0 to 1.".formatted(wrong),
          told.getMessage());
    }
  }
}
