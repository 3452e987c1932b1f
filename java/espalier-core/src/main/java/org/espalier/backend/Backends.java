/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.espalier.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds backends and opens one by name. */
public final class Backends {

  /** The name that means: the best one that works here. */
  public static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  private Backends() {}

  /** Returns all providers on the class path, best first. */
  public static List<BackendProvider> providers() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(BackendProvider::rank).reversed())
        .toList();
  }

  /** Opens the best backend that works here, with one thread for each processor. */
  public static Backend best() {
    return open(AUTO, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Opens a backend. A name other than {@link #AUTO} is never replaced by another one.
   *
   * @throws UserException if there is none of that name or it refuses
   */
  public static Backend open(String name, int threads) {
    if (threads < 1) {
      throw new UserException("threads is " + threads + "; expected at least 1.");
    }
    List<BackendProvider> providers = providers();
    if (name.equals(AUTO)) {
      return openBest(providers.stream().filter(p -> !p.forTestsOnly()).toList(), threads);
    }
    BackendProvider chosen =
        providers.stream()
            .filter(provider -> provider.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new UserException(
                        "There is no backend named '%s'; expected one of: auto, %s."
                            .formatted(name, names(providers))));
    chosen
        .refusal()
        .ifPresent(
            refusal -> {
              throw new UserException(
                  "Backend '%s' cannot be used here: %s; %s."
                      .formatted(name, refusal.reason(), refusal.fix()));
            });
    return chosen.create(threads);
  }

  private static Backend openBest(List<BackendProvider> providers, int threads) {
    for (BackendProvider provider : providers) {
      var refusal = provider.refusal();
      if (refusal.isEmpty()) {
        tellReplacement(provider, providers);
        return provider.create(threads);
      }
      LOG.info("Backend {} passed over: {}", provider.name(), refusal.get().reason());
    }
    throw new UserException(
        "No backend works here (%s); run 'espalier doctor'.".formatted(names(providers)));
  }

  /** A slower backend than the machine could have is no detail: it is said even to the taciturn. */
  private static void tellReplacement(BackendProvider chosen, List<BackendProvider> providers) {
    for (BackendProvider better : providers) {
      if (chosen.standsInFor().filter(better.name()::equals).isPresent()) {
        better
            .refusal()
            .ifPresent(
                why ->
                    LOG.warn(
                        "Using backend {}, which is slower than {}: {}; to have {}, {}.",
                        chosen.name(),
                        better.name(),
                        why.reason(),
                        better.name(),
                        why.fix()));
      }
    }
  }

  private static String names(List<BackendProvider> providers) {
    return providers.stream().map(BackendProvider::name).collect(Collectors.joining(", "));
  }
}
