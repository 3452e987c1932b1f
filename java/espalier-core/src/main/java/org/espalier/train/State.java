/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.UserException;

/**
 * Named values that describe a model or a run so far: what checkpoints and model files hold. Values
 * are {@code float[]}, {@code int[]}, {@link Long}, {@link Double} or {@link String}; order is
 * kept.
 */
public final class State {

  private final String source;
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Creates an empty state; the source (a file, say) is named in errors. */
  public State(String source) {
    this.source = source;
  }

  /** Returns where the state comes from. */
  public String source() {
    return source;
  }

  /** Returns all values in the order they were put. */
  public Map<String, Object> values() {
    return values;
  }

  /** Puts an array. */
  public void put(String name, float[] value) {
    values.put(name, value);
  }

  /** Puts an array. */
  public void put(String name, int[] value) {
    values.put(name, value);
  }

  /** Puts a whole number. */
  public void put(String name, long value) {
    values.put(name, value);
  }

  /** Puts a number. */
  public void put(String name, double value) {
    values.put(name, value);
  }

  /** Puts a text. */
  public void put(String name, String value) {
    values.put(name, value);
  }

  /** Tells whether there is a value of that name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns a float array. */
  public float[] floats(String name) {
    return get(name, float[].class, "an array of floats");
  }

  /**
   * Returns a float array of known length.
   *
   * @throws UserException if it has another one
   */
  public float[] floats(String name, int length) {
    float[] array = floats(name);
    if (array.length != length) {
      throw new UserException(
          "%s: '%s' holds %d numbers; expected %d.".formatted(source, name, array.length, length));
    }
    return array;
  }

  /** Returns an int array. */
  public int[] ints(String name) {
    return get(name, int[].class, "an array of integers");
  }

  /** Returns a whole number. */
  public long number(String name) {
    return get(name, Long.class, "a whole number");
  }

  /** Returns a number. */
  public double real(String name) {
    return get(name, Double.class, "a number");
  }

  /** Returns a text. */
  public String text(String name) {
    return get(name, String.class, "a text");
  }

  /** Returns the texts whose names begin with a prefix, without it. */
  public Map<String, String> texts(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(prefix) && value instanceof String text) {
            found.put(name.substring(prefix.length()), text);
          }
        });
    return found;
  }

  private <T> T get(String name, Class<T> type, String what) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new UserException(
          "%s: '%s' is %s; expected %s."
              .formatted(source, name, value == null ? "missing" : "of another type", what));
    }
    return type.cast(value);
  }
}
