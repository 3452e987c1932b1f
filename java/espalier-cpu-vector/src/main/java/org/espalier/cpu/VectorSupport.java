/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import java.lang.module.ModuleFinder;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.espalier.backend.BackendProvider.Refusal;

/**
 * Whether a JVM makes fast code of the Vector API: a ladder of reasons why not, each with what to
 * do about it.
 *
 * <p>Nothing here may load a class of the Vector API before its module is known to be readable,
 * which is why the register width is asked for last, and through a supplier.
 *
 * @param moduleInstalled whether module {@value #MODULE} comes with this Java
 * @param moduleReadable whether it was added to this JVM and is readable from here
 * @param vmName the JVM's name, system property java.vm.name
 * @param vmInfo how it runs, system property java.vm.info
 * @param floatBits width of the preferred register for floats
 */
record VectorSupport(
    boolean moduleInstalled,
    boolean moduleReadable,
    String vmName,
    String vmInfo,
    IntSupplier floatBits) {

  static final String MODULE = "jdk.incubator.vector";
  static final int MIN_BITS = 256;

  static VectorSupport ofThisJvm() {
    boolean readable =
        ModuleLayer.boot()
            .findModule(MODULE)
            .filter(module -> VectorSupport.class.getModule().canRead(module))
            .isPresent();
    return new VectorSupport(
        readable || ModuleFinder.ofSystem().find(MODULE).isPresent(),
        readable,
        System.getProperty("java.vm.name", ""),
        System.getProperty("java.vm.info", ""),
        () -> Lanes.PREFERRED_BITS);
  }

  Optional<Refusal> refusal() {
    if (!moduleReadable) {
      return moduleInstalled
          ? refuse(
              "module " + MODULE + " is not readable",
              "start java with --add-modules " + MODULE + " (the espalier launcher does so)")
          : refuse(
              "this Java has no module " + MODULE,
              "use one that has it, such as the JDK of Temurin 17 or newer");
    }
    if (vmInfo.contains("interpreted mode")) {
      return refuse("the JVM only interprets", "start java without -Xint");
    }
    if (!vmName.contains("Server VM") || vmInfo.contains("emulated-client")) {
      return refuse(
          "'%s' (%s) has no optimising compiler (C2)".formatted(vmName, vmInfo),
          "use a HotSpot server JVM, such as Temurin, without -XX:TieredStopAtLevel");
    }
    int bits = floatBits.getAsInt();
    if (bits < MIN_BITS) {
      return refuse(
          "vectors of floats have %d bits here, fewer than %d".formatted(bits, MIN_BITS),
          "use a processor with AVX2 or wider, and no -XX:UseAVX or -XX:MaxVectorSize below that");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(String reason, String fix) {
    return Optional.of(new Refusal(reason, fix));
  }
}
