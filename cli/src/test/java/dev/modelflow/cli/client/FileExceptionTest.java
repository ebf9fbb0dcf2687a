package dev.modelflow.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FileExceptionTest {
  private static final String CHECK = "; check the path, or name another place";
  private static final String RIGHT = "; get the right to it, or name another place";
  private static final String ROOM = "; make room and run the command again";

  record Case(Exception failure, String sentence) {}

  static Case[] ordinary() {
    FileSystemException full = new FileSystemException("/a", null, "No space left on device");
    return new Case[] {
      new Case(
          new NoSuchFileException("/a"), "Cannot use /a: there is no such file or folder" + CHECK),
      new Case(new AccessDeniedException("/a"), "Cannot use /a: permission denied" + RIGHT),
      new Case(new NotDirectoryException("/a"), "Cannot use /a: it is no folder" + CHECK),
      new Case(
          new FileSystemException("/a", null, "Read-only file system"),
          "Cannot use /a: Read-only file system" + CHECK),
      new Case(full, "Cannot use /a: No space left on device" + ROOM),
      new Case(
          new IOException("No space left on device"),
          "Cannot use a file: No space left on device" + ROOM),
      new Case(
          new FileNotFoundException("/a (Is a directory)"),
          "Cannot use a file: /a (Is a directory)" + CHECK),
      new Case(
          new UncheckedIOException("Cannot make the folder /a/b", new AccessDeniedException("/a")),
          "Cannot make the folder /a/b: permission denied" + RIGHT),
      new Case(
          new UncheckedIOException(new AccessDeniedException("/a")),
          "Cannot use /a: permission denied" + RIGHT),
    };
  }

  @ParameterizedTest
  @MethodSource("ordinary")
  void anOrdinaryFailureIsOneSentenceWithARemedy(Case known) {
    assertThat(FileException.of(known.failure()))
        .hasValueSatisfying(told -> assertThat(told).hasMessage(known.sentence()));
  }

  @Test
  void anythingElseIsNone() {
    assertThat(FileException.of(new EOFException("the middle"))).isEmpty();
    assertThat(FileException.of(new UncheckedIOException(new IOException("odd")))).isEmpty();
    assertThat(FileException.of(new IllegalStateException("a mistake of ours"))).isEmpty();
  }
}
