package dev.modelflow.calibrate;

import java.util.Objects;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.pytorch.global.torch;

/**
 * What a calibration holds for.
 *
 * @param processor its name for people
 * @param flags digest of what it can do
 * @param cores that the process may use
 * @param libraries that were measured, with their versions
 */
public record Machine(String processor, String flags, int cores, String libraries) {
  private static final String MKL = "/org/bytedeco/mkl/linux-x86_64/libmkl_rt.so.2";

  /** Throws {@link NullPointerException} naming a part that is missing. */
  public Machine {
    Objects.requireNonNull(processor, "it names no processor");
    Objects.requireNonNull(flags, "it has no digest of flags");
    Objects.requireNonNull(libraries, "it names no libraries");
  }

  /** This one, with the libraries of this build. */
  public static Machine here(Processor processor) {
    return new Machine(
        processor.model().isEmpty() ? "an unknown processor" : processor.model(),
        processor.flagsDigest(),
        Runtime.getRuntime().availableProcessors(),
        librariesHere());
  }

  /** Whether this build holds MKL. */
  static boolean hasMkl() {
    return Machine.class.getResource(MKL) != null;
  }

  private static String librariesHere() {
    String always = "libtorch %s, oneDNN %s".formatted(version(torch.class), version(dnnl.class));
    return hasMkl() ? always + ", MKL" : always;
  }

  // Naming a class does not load its library.
  private static String version(Class<?> ofLibrary) {
    return String.valueOf(ofLibrary.getPackage().getImplementationVersion());
  }

  /** For people, e.g. {@code AMD EPYC, 2 cores, libtorch 2.10.0-1.5.13, oneDNN 3.11-1.5.13}. */
  public String title() {
    return "%s, %d %s, %s".formatted(processor, cores, cores == 1 ? "core" : "cores", libraries);
  }
}
