package dev.modelflow.pool;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the engine is made of, out of a class path. JavaCPP looks for native libraries in every jar
 * before it knows that one is not there, so that each jar too many makes a trainer start later.
 */
final class EngineClassPath {
  private static final List<String> LIBRARIES =
      List.of(
          "cuda-",
          "dnnl-",
          "jackson-annotations-",
          "jackson-core-",
          "jackson-databind-",
          "javacpp-",
          "jspecify-",
          "mkl-",
          "modelflow-",
          "openblas-",
          "opencl-",
          "pytorch-",
          "snakeyaml-engine-",
          "zstd-jni-");

  private EngineClassPath() {}

  /** The same class path without libraries that no trainer of ours uses; folders stay. */
  static String of(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator))
        .filter(EngineClassPath::isOfEngine)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isOfEngine(String entry) {
    String name = Path.of(entry).getFileName().toString();
    return !name.endsWith(".jar") || LIBRARIES.stream().anyMatch(name::startsWith);
  }
}
