package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  @TempDir Path root;

  @Test
  void aFolderGoesWithAllThatIsInItAndNothingBesideIt() throws IOException {
    Path folder = filled("folder");
    Path beside = Files.writeString(root.resolve("folder.part"), "beside");

    Folders.delete(folder);

    assertThat(folder).doesNotExist();
    assertThat(beside).exists();
  }

  @Test
  void aFileGoesToo() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "text");

    Folders.delete(file);

    assertThat(file).doesNotExist();
  }

  @Test
  void whereThereIsNoneNothingIsDone() {
    assertThatCode(() -> Folders.delete(root.resolve("none/at/all"))).doesNotThrowAnyException();
  }

  @Test
  void whatALinkLeadsToStays() throws IOException {
    Path outside = filled("outside");
    Path folder = filled("folder");
    Files.createSymbolicLink(folder.resolve("deep/link"), outside);
    Files.createSymbolicLink(folder.resolve("file-link"), outside.resolve("file"));
    Files.createSymbolicLink(folder.resolve("broken"), root.resolve("none"));

    Folders.delete(folder);

    assertThat(folder).doesNotExist();
    assertThat(outside.resolve("file")).hasContent("text");
    assertThat(outside.resolve("deep/deeper/file")).hasContent("text");
  }

  @Test
  void aFolderThatIsALinkItselfIsDeletedAsOne() throws IOException {
    Path outside = filled("outside");
    Path link = Files.createSymbolicLink(root.resolve("link"), outside);

    Folders.delete(link);

    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(outside.resolve("file")).hasContent("text");
  }

  @Test
  void severalMayDeleteTheSameAtOnce() throws Exception {
    Path folder = filled("folder");
    for (int i = 0; i < 200; i++) {
      filled("folder/" + i);
    }
    CyclicBarrier together = new CyclicBarrier(2);
    Callable<?> deletion =
        () -> {
          together.await();
          Folders.delete(folder);
          return folder;
        };

    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one = executor.submit(deletion);
      Future<?> other = executor.submit(deletion);
      one.get();
      other.get();
    }

    assertThat(folder).doesNotExist();
  }

  private Path filled(String name) throws IOException {
    Path folder = root.resolve(name);
    Files.createDirectories(folder.resolve("deep/deeper"));
    Files.createDirectories(folder.resolve("empty"));
    Files.writeString(folder.resolve("file"), "text");
    Files.writeString(folder.resolve("deep/deeper/file"), "text");
    return folder;
  }
}
