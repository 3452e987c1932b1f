/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.espalier.train.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tier each product of each shape takes, once that was measured. Kept in a file of this
 * machine and device, so that the next run chooses the same and its numbers are the same, bit for
 * bit; a file that cannot be read or written costs no more than that.
 */
final class TierChoices {

  private static final Logger LOG = LoggerFactory.getLogger(TierChoices.class);

  private final Optional<Path> file;
  private final Map<String, Tier> tiers = new TreeMap<>();

  /**
   * Reads what is known.
   *
   * @param file where choices are kept; empty to forget them with this object
   */
  TierChoices(Optional<Path> file) {
    this.file = file;
    file.filter(Files::isRegularFile).ifPresent(this::read);
  }

  private void read(Path path) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException failure) {
      LOG.warn("{} cannot be read and is passed over: {}", path, failure.toString());
      return;
    }
    properties.forEach((shape, tier) -> put((String) shape, (String) tier));
  }

  private void put(String shape, String tier) {
    Arrays.stream(Tier.values())
        .filter(known -> known.isChoice() && known.name().equals(tier))
        .findFirst()
        .ifPresent(known -> tiers.put(shape, known));
  }

  Optional<Tier> of(String shape) {
    return Optional.ofNullable(tiers.get(shape));
  }

  /** Returns all choices, by shape. */
  Map<String, String> all() {
    Map<String, String> names = new TreeMap<>();
    tiers.forEach((shape, tier) -> names.put(shape, tier.name()));
    return names;
  }

  /** Takes choices made elsewhere, which win over its own. */
  void use(Map<String, String> choices) {
    choices.forEach(this::put);
  }

  /** Notes a choice. */
  void add(String shape, Tier tier) {
    tiers.put(shape, tier);
    file.ifPresent(this::write);
  }

  private void write(Path path) {
    StringBuilder text =
        new StringBuilder("# Kernels that were fastest here; delete to measure anew\n");
    tiers.forEach((shape, tier) -> text.append(shape).append('=').append(tier).append('\n'));
    try {
      Files.createDirectories(path.getParent());
      AtomicFile.write(path, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (IOException | UncheckedIOException failure) {
      LOG.warn(
          "{} cannot be written, so kernels will be measured again: {}", path, failure.toString());
    }
  }
}
