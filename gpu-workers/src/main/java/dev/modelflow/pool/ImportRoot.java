package dev.modelflow.pool;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.checkpoint.TakenOver;
import dev.modelflow.worker.StageFailedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;

/** The folder below which a worker imports models, for recipes that come from strangers. */
final class ImportRoot {
  private final Path root;

  /** Throws {@link IOException} when there is no such folder. */
  ImportRoot(Path root) throws IOException {
    this.root = root.toRealPath();
  }

  /**
   * Refuses a model's folder that does not lie below the root, or one of its files that is a link
   * to elsewhere.
   *
   * @param files that the recipe pins; those that an import may take over are looked at anyway
   * @throws StageFailedException of class recipe with the path
   */
  void require(Path folder, Collection<String> files) throws IOException {
    requireBelow(folder);
    for (String file : files) {
      requireBelow(folder.resolve(file));
    }
    for (String file : TakenOver.FILES) {
      requireBelow(folder.resolve(file));
    }
  }

  private void requireBelow(Path path) throws IOException {
    Path real = real(path);
    if (!real.startsWith(root)) {
      throw new StageFailedException(
          FailureClass.RECIPE,
          "%s lies outside of %s, and this worker imports models from there alone: put it there"
              .formatted(real.equals(path) ? path : path + ", which is " + real + ",", root));
    }
  }

  /** What is not there is refused by the import itself. */
  private static Path real(Path path) throws IOException {
    try {
      return path.toRealPath();
    } catch (NoSuchFileException nothing) {
      return path.toAbsolutePath().normalize();
    }
  }
}
