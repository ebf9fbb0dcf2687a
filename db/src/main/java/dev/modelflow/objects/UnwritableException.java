package dev.modelflow.objects;

import java.io.IOException;
import java.nio.file.Path;

/** The file that an object is read into takes no more bytes, mostly because its disk is full. */
final class UnwritableException extends ObjectStoreException {
  private static final long serialVersionUID = 1L;

  UnwritableException(Path target, IOException cause) {
    super("Could not write to '" + target + "': " + cause.getMessage(), cause);
  }
}
