package dev.modelflow.cli.client;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A file or folder of this machine cannot be used; the message says which, why and what to do. */
public final class FileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private FileException(String what, IOException cause) {
    super(what + ": " + reason(cause) + "; " + remedy(cause), cause);
  }

  /** Of a file that could not be written. */
  public static FileException writing(Path file, IOException cause) {
    return new FileException("Cannot write " + file, cause);
  }

  /** Of a file that could not be read. */
  public static FileException reading(Path file, IOException cause) {
    return new FileException("Cannot read " + file, cause);
  }

  /** What a failure says: the sentence of one of a file, else its own message. */
  public static String sentence(Exception failure) {
    return of(failure)
        .map(Throwable::getMessage)
        .orElseGet(() -> String.valueOf(failure.getMessage()));
  }

  /** Of what a command failed with; empty where that was no ordinary failure of a file. */
  public static Optional<FileException> of(Exception failure) {
    return switch (failure) {
      case FileException told -> Optional.of(told);
      case UncheckedIOException wrapped -> ofWrapped(wrapped);
      case IOException plain when isOfFile(plain) ->
          Optional.of(new FileException(what(plain), plain));
      default -> Optional.empty();
    };
  }

  /** With the words of what wraps the failure, where it has some of its own. */
  private static Optional<FileException> ofWrapped(UncheckedIOException wrapped) {
    IOException cause = Objects.requireNonNull(wrapped.getCause());
    String words = String.valueOf(wrapped.getMessage());
    return words.equals(cause.toString())
        ? of(cause)
        : of(cause).map(plain -> new FileException(words, cause));
  }

  private static boolean isOfFile(IOException failure) {
    return failure instanceof FileSystemException
        || failure instanceof FileNotFoundException
        || isFull(failure);
  }

  /** A stream that meets a full disk does not name its file. */
  private static boolean isFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.endsWith("No space left on device") || message.endsWith("Disk quota exceeded");
  }

  private static String what(IOException failure) {
    return failure instanceof FileSystemException known && known.getFile() != null
        ? "Cannot use " + known.getFile()
        : "Cannot use a file";
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException missing -> "there is no such file or folder";
      case AccessDeniedException denied -> "permission denied";
      case FileAlreadyExistsException other -> "there is a file of this name";
      case NotDirectoryException other -> "it is no folder";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      case FileSystemException other -> other.getClass().getSimpleName();
      default -> String.valueOf(failure.getMessage());
    };
  }

  private static String remedy(IOException failure) {
    if (isFull(failure)) {
      return "make room and run the command again";
    }
    return failure instanceof AccessDeniedException
        ? "get the right to it, or name another place"
        : "check the path, or name another place";
  }
}
