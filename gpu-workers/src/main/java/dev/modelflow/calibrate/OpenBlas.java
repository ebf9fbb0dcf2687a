package dev.modelflow.calibrate;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The OpenBLAS of this process, asked for what its Java binding lacks. */
@SuppressWarnings("restricted") // The process was started with access to native code.
final class OpenBlas {
  private static final Path LOADED = Path.of("/proc/self/maps");
  private static final long LONGEST = 64;

  private OpenBlas() {}

  /** The kernels that it uses, as it names them, e.g. {@code SkylakeX}; empty without it. */
  static String core() {
    return find("openblas_get_corename").map(OpenBlas::text).orElse("");
  }

  /** Lets one product use this many threads. */
  static void threads(int count) {
    find("openblas_set_num_threads").ifPresent(function -> set(function, count));
  }

  private static Optional<MemorySegment> find(String function) {
    return library()
        .flatMap(file -> SymbolLookup.libraryLookup(file, Arena.global()).find(function));
  }

  private static Optional<Path> library() {
    try (Stream<String> lines = Files.lines(LOADED)) {
      return lines
          .filter(line -> line.contains("libopenblas") && line.indexOf('/') > 0)
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          // One that was replaced since is called "... (deleted)".
          .filter(Files::exists)
          .findFirst();
    } catch (IOException unknown) {
      return Optional.empty();
    }
  }

  private static String text(MemorySegment function) {
    try {
      MemorySegment name =
          (MemorySegment)
              Linker.nativeLinker()
                  .downcallHandle(function, FunctionDescriptor.of(ValueLayout.ADDRESS))
                  .invokeExact();
      return name.reinterpret(LONGEST).getString(0);
    } catch (Throwable failure) {
      throw new IllegalStateException("OpenBLAS does not say which kernels it uses", failure);
    }
  }

  private static void set(MemorySegment function, int count) {
    try {
      Linker.nativeLinker()
          .downcallHandle(function, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
          .invokeExact(count);
    } catch (Throwable failure) {
      throw new IllegalStateException("OpenBLAS takes no number of threads", failure);
    }
  }
}
