package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  /** A mount point cannot be removed. */
  @Test
  void aFolderIsEmptiedAndNotMadeAnew(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("deep/deeper"));
    Files.writeString(folder.resolve("deep/deeper/file"), "left by a killed worker");
    Object before = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();

    assertThat(WorkFolder.fresh(folder)).isEmptyDirectory();

    assertThat(Files.readAttributes(folder, BasicFileAttributes.class).fileKey()).isEqualTo(before);
  }

  @Test
  void aFolderThatIsNotThereIsMade(@TempDir Path folder) {
    assertThat(WorkFolder.fresh(folder.resolve("one/two"))).isEmptyDirectory();
  }
}
