/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.espalier.Suggestion;
import org.espalier.UserException;

/**
 * A benchmark of some version of the engine, with classes of its own: several versions live side by
 * side in one process. Parameters that are not given have the first of their values.
 */
final class LoadedBenchmark implements AutoCloseable {

  private static final String PACKAGE = "org.espalier.benchmarks.";
  private static final String ANNOTATIONS = "org.openjdk.jmh.annotations.";

  private final URLClassLoader loader;
  private final Object state;
  private final MethodHandle method;

  /**
   * Loads and opens a benchmark.
   *
   * @param path where its classes are
   * @param name of class and method, such as {@code StepBenchmark.step}
   * @throws UserException if there is no such benchmark or parameter, or the benchmark says so
   */
  LoadedBenchmark(List<URL> path, String name, Map<String, String> params) throws Exception {
    loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    boolean opened = false;
    try {
      Method benchmark = find(name);
      state = benchmark.getDeclaringClass().getConstructor().newInstance();
      set(params, name);
      method =
          MethodHandles.lookup()
              .unreflect(benchmark)
              .bindTo(state)
              .asType(MethodType.methodType(Object.class));
      callAll("Setup");
      opened = true;
    } finally {
      thread.setContextClassLoader(before);
      if (!opened) {
        loader.close();
      }
    }
  }

  private Method find(String name) {
    String[] parts = name.split("\\.", 2);
    Class<?> type;
    try {
      type = loader.loadClass(PACKAGE + parts[0]);
    } catch (ClassNotFoundException absent) {
      throw new UserException(
          "There is no benchmark class %s in %s."
              .formatted(parts[0], loader.getURLs()[0].getPath()),
          absent);
    }
    List<Method> methods =
        Arrays.stream(type.getMethods())
            .filter(any -> any.getParameterCount() == 0 && has(any.getAnnotations(), "Benchmark"))
            .toList();
    return methods.stream()
        .filter(any -> parts.length == 2 && any.getName().equals(parts[1]))
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    "There is no benchmark %s; expected %s."
                        .formatted(name, among(parts[0], methods))));
  }

  private static String among(String type, List<Method> methods) {
    return methods.stream()
        .map(any -> type + "." + any.getName())
        .sorted()
        .collect(Collectors.joining(" or "));
  }

  private void set(Map<String, String> params, String name) throws ReflectiveOperationException {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Field field : state.getClass().getFields()) {
      Annotation param = annotation(field.getAnnotations(), "Param");
      if (param != null) {
        fields.put(field.getName(), field);
        String[] values = (String[]) param.annotationType().getMethod("value").invoke(param);
        assign(field, values[0]);
      }
    }
    for (Map.Entry<String, String> param : params.entrySet()) {
      Field field = fields.get(param.getKey());
      if (field == null) {
        String hint = Suggestion.didYouMean(Suggestion.nearest(param.getKey(), fields.keySet()));
        throw new UserException(
            "%s has no parameter '%s'%s It has %s."
                .formatted(
                    name,
                    param.getKey(),
                    hint.isEmpty() ? "." : hint,
                    String.join(", ", fields.keySet())));
      }
      assign(field, param.getValue());
    }
  }

  private void assign(Field field, String value) throws ReflectiveOperationException {
    if (field.getType() != int.class) {
      field.set(state, value);
      return;
    }
    try {
      field.setInt(state, Integer.parseInt(value));
    } catch (NumberFormatException wrong) {
      throw new UserException(
          "%s is '%s'; expected a whole number.".formatted(field.getName(), value), wrong);
    }
  }

  private static boolean has(Annotation[] annotations, String name) {
    return annotation(annotations, name) != null;
  }

  /** Returns the annotation of that name; its class is the loader's own. */
  private static Annotation annotation(Annotation[] annotations, String name) {
    return Arrays.stream(annotations)
        .filter(any -> any.annotationType().getName().equals(ANNOTATIONS + name))
        .findFirst()
        .orElse(null);
  }

  private void callAll(String annotation) throws Exception {
    for (Method any : state.getClass().getMethods()) {
      if (has(any.getAnnotations(), annotation)) {
        try {
          any.invoke(state);
        } catch (InvocationTargetException failure) {
          Throwable cause = failure.getCause();
          if (cause.getClass().getName().equals(UserException.class.getName())) {
            throw new UserException(cause.getMessage(), cause);
          }
          throw failure;
        }
      }
    }
  }

  /** Runs it so many times and returns the nanoseconds of one. */
  double time(int times) throws Throwable {
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      Object unused = method.invokeExact();
    }
    return (System.nanoTime() - start) / (double) times;
  }

  @Override
  public void close() throws Exception {
    callAll("TearDown");
    loader.close();
  }
}
