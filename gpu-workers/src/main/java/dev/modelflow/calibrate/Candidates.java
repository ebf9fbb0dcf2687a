package dev.modelflow.calibrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is worth measuring on a machine: first libraries and kernels, then, with the fastest of
 * them, what becomes of memory.
 *
 * @param usual how trainers start where nobody has measured
 * @param kernels ways that differ in library or kernels, the usual one first
 * @param memory what else may become of freed memory
 */
public record Candidates(Tuning usual, List<Tuning> kernels, List<Memory> memory) {
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  /** Copies the lists. */
  public Candidates {
    kernels = List.copyOf(kernels);
    memory = List.copyOf(memory);
  }

  /** Those of this machine and build. */
  public static Candidates here(Processor processor) {
    return of(processor, Machine.hasMkl(), hasHugePages());
  }

  static Candidates of(Processor processor, boolean mkl, boolean hugePages) {
    Tuning usual = Tuning.usual(processor);
    Set<Tuning> ways = new LinkedHashSet<>();
    ways.add(usual);
    ways.add(new Tuning(Blas.OPENBLAS, Tuning.OWN, usual.memory()));
    for (String name : Kernels.of(processor)) {
      ways.add(new Tuning(Blas.OPENBLAS, name, usual.memory()));
    }
    ways.add(new Tuning(Blas.ONEDNN, usual.kernels(), usual.memory()));
    if (mkl) {
      ways.add(new Tuning(Blas.MKL, Tuning.OWN, usual.memory()));
    }
    List<Memory> others = new ArrayList<>(List.of(Memory.RETURNED));
    if (hugePages) {
      others.add(Memory.HUGE_PAGES);
    }
    return new Candidates(usual, List.copyOf(ways), others);
  }

  private static boolean hasHugePages() {
    try {
      return Files.exists(HUGE_PAGES) && !Files.readString(HUGE_PAGES).contains("[never]");
    } catch (IOException unknown) {
      return false;
    }
  }
}
