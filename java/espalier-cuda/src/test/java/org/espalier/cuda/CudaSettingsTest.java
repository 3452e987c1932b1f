/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;

class CudaSettingsTest {

  @Test
  void nothingSetMeansTheFirstDeviceWithoutChecking() {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "espalier");
    assertEquals(new CudaSettings(0, false, 0, Optional.of(cache)), CudaSettings.of(name -> null));
  }

  @Test
  void everySettingIsRead() {
    Map<String, String> set =
        Map.of(
            "ESPALIER_CUDA_DEVICE",
            "3",
            "ESPALIER_CUDA_CHECK",
            "1",
            "ESPALIER_SCHEDULE",
            "77",
            "XDG_CACHE_HOME",
            "/caches");
    assertEquals(
        new CudaSettings(3, true, 77, Optional.of(Path.of("/caches/espalier"))),
        CudaSettings.of(set::get));
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
