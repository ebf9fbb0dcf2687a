package dev.modelflow.worker;

import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The version of code as the digest of its compiled classes. A number that a person raises would be
 * forgotten one day, and the digest of whole jars would forget every result when a page of the
 * dashboard changes; the classes of the packages that do a stage's work are what its result hangs
 * on. The same sources and compiler give the same classes.
 */
public final class CodeVersion {
  private CodeVersion() {}

  /**
   * Digest of all classes in these packages and below them.
   *
   * @param libraries versions of libraries whose change may change results, e.g. {@code libtorch
   *     2.10.0}
   */
  public static String of(List<String> libraries, Part... parts) {
    MessageDigest accumulator = Digest.sha256();
    libraries.forEach(library -> accumulator.update(bytes(library)));
    for (Part part : parts) {
      add(accumulator, part);
    }
    return Digest.of(accumulator).brief();
  }

  /** Digest of all classes in the packages of these anchors and below them. */
  public static String of(List<String> libraries, Class<?>... anchors) {
    return of(
        libraries,
        Stream.of(anchors)
            .map(anchor -> new Part(anchor, anchor.getPackageName()))
            .toArray(Part[]::new));
  }

  /**
   * A package whose classes count.
   *
   * @param anchor any class of the same jar or class folder
   * @param name the package's name
   */
  public record Part(Class<?> anchor, String name) {}

  private static void add(MessageDigest accumulator, Part part) {
    String folder = part.name().replace('.', '/');
    Path source = source(part.anchor());
    try {
      if (Files.isDirectory(source)) {
        addClasses(accumulator, source, source.resolve(folder));
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(source, Map.of())) {
          addClasses(accumulator, jar.getPath("/"), jar.getPath("/" + folder));
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not read the classes of " + folder, failure);
    }
  }

  private static Path source(Class<?> anchor) {
    CodeSource source = anchor.getProtectionDomain().getCodeSource();
    try {
      URI location = source.getLocation().toURI();
      return Path.of(location);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException("Class path entry of " + anchor, impossible);
    }
  }

  private static void addClasses(MessageDigest accumulator, Path root, Path folder)
      throws IOException {
    List<Path> classes;
    try (Stream<Path> all = Files.walk(folder)) {
      classes = all.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    for (Path file : classes) {
      accumulator.update(bytes(root.relativize(file).toString().replace('\\', '/')));
      accumulator.update(Files.readAllBytes(file));
    }
  }

  private static byte[] bytes(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
